package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.RotaryTable;

/**
 * Rotary position embedding (Su et al. 2021): pair i of a head at position t is turned by t·θ^(−2i/d).
 *
 * <p>Pairs are (i, i + d/2), as LLaMA's published weights have it ("rotate half"), not (2i, 2i + 1) as in the paper; the two
 * differ by a fixed permutation of a head's columns.
 */
public final class RotaryEmbedding implements RotaryTable {
    private final int positions;
    private final int half;
    private final float[] cosines;
    private final float[] sines;

    /**
     * Works out the angles in float64.
     *
     * @param positions T
     * @param headDim d, even
     * @param theta θ
     */
    public RotaryEmbedding(int positions, int headDim, double theta) {
        this.positions = positions;
        this.half = headDim / 2;
        this.cosines = new float[Math.multiplyExact(positions, half)];
        this.sines = new float[cosines.length];
        for (int pair = 0; pair < half; pair++) {
            double frequency = Math.pow(theta, -2.0 * pair / headDim);
            for (int position = 0; position < positions; position++) {
                cosines[position * half + pair] = (float) Math.cos(position * frequency);
                sines[position * half + pair] = (float) Math.sin(position * frequency);
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
        for (int head = 0; head < columns; head += 2 * half) {
            for (int pair = 0; pair < half; pair++) {
                float cosine = cosines[angles + pair] * scale;
                float sine = sines[angles + pair] * scale;
                float first = row[head + pair];
                float second = row[head + half + pair];
                row[head + pair] = first * cosine - second * sine;
                row[head + half + pair] = second * cosine + first * sine;
            }
        }
    }
}
