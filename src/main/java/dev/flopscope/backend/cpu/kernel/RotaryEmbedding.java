package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.RotaryTable;

/**
 * Rotary position embedding (Su et al. 2021): pair i of a head at position t is turned by t times frequency i.
 *
 * <p>Pairs are (i, i + d/2), or half of what is turned, as LLaMA's published weights have it ("rotate half"), not (2i, 2i + 1) as in the paper; the two
 * differ by a fixed permutation of a head's columns.
 */
public final class RotaryEmbedding implements RotaryTable {
    private final int positions;
    private final int headDim;
    private final int half;
    private final float[] cosines;
    private final float[] sines;

    /**
     * Works out the angles in float64.
     *
     * @param positions T
     * @param headDim d
     * @param frequencies one for each pair, at most d/2
     * @param amplitude what turned columns are multiplied by
     */
    public RotaryEmbedding(int positions, int headDim, double[] frequencies, double amplitude) {
        this.positions = positions;
        this.headDim = headDim;
        this.half = frequencies.length;
        this.cosines = new float[Math.multiplyExact(positions, half)];
        this.sines = new float[cosines.length];
        for (int pair = 0; pair < half; pair++) {
            for (int position = 0; position < positions; position++) {
                double angle = position * frequencies[pair];
                cosines[position * half + pair] = (float) (amplitude * Math.cos(angle));
                sines[position * half + pair] = (float) (amplitude * Math.sin(angle));
            }
        }
    }

    @Override
    public int positions() {
        return positions;
    }

    /**
     * Turns every head in the first {@code columns} elements of {@code row}, which is at {@code position}, and multiplies
     * them by {@code scale}.
     */
    void rotate(float[] row, int columns, int position, float scale) {
        int angles = position * half;
        for (int head = 0; head < columns; head += headDim) {
            for (int pair = 0; pair < half; pair++) {
                float cosine = cosines[angles + pair] * scale;
                float sine = sines[angles + pair] * scale;
                float first = row[head + pair];
                float second = row[head + half + pair];
                row[head + pair] = first * cosine - second * sine;
                row[head + half + pair] = second * cosine + first * sine;
            }
            for (int column = 2 * half; column < headDim; column++) {
                row[head + column] *= scale;
            }
        }
    }
}
