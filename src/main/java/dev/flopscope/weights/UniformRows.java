package dev.flopscope.weights;

/**
 * Uniform pseudo-random rows of a matrix, each a function of (seed, matrix, row) alone, so that any thread may make any row.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"), started
 * afresh at each row; one 64-bit output gives two values.
 */
final class UniformRows {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double INT_RANGE = 0x1p31;

    private final long matrixKey;
    private final int columns;
    private final float scale;

    /** Rows of {@code columns} values on ±√3·{@code standardDeviation}, for matrix number {@code matrix} of a model. */
    UniformRows(long seed, long matrix, int columns, double standardDeviation) {
        this.matrixKey = mix(mix(seed + GOLDEN_GAMMA) + matrix);
        this.columns = columns;
        this.scale = (float) (Math.sqrt(3.0) * standardDeviation / INT_RANGE);
    }

    /** Overwrites {@code values} with row number {@code row}. */
    void fill(long row, float[] values) {
        long state = mix(matrixKey + GOLDEN_GAMMA * (row + 1));
        for (int column = 0; column < columns; column += 2) {
            state += GOLDEN_GAMMA;
            long bits = mix(state);
            values[column] = (int) bits * scale;
            if (column + 1 < columns) {
                values[column + 1] = (int) (bits >>> 32) * scale;
            }
        }
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
