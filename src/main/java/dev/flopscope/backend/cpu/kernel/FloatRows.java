package dev.flopscope.backend.cpu.kernel;

/**
 * Elementwise and summing loops over one row.
 *
 * <p>Each loop has one store and no call, and sums run in eight independent lanes: the forms that HotSpot's compiler turns
 * into vector instructions. The order of every sum is fixed, so results do not depend on the number of threads.
 */
final class FloatRows {
    private static final float LOG2_E = (float) (1 / Math.log(2));
    /** ln 2 in two parts; the first has so few bits that multiples up to 2⁷ are exact (Cody and Waite 1980). */
    private static final float LN2_HIGH = 355f / 512f;

    private static final float LN2_LOW = (float) (Math.log(2) - 355.0 / 512.0);
    /** Adding 1.5·2²³ to a float rounds it to an integer, left in the low bits of the sum. */
    private static final float ROUNDER = 12582912f;

    /** The bits of 1f; n more in the exponent makes them those of 2ⁿ. */
    private static final int ONE_BITS = 0x3f800000;

    private static final float LOWEST_EXPONENT = -87f;
    private static final float HIGHEST_EXPONENT = 88f;

    private FloatRows() {}

    /**
     * Replaces each of the first {@code length} elements by its exponential; relative error below 3·2⁻²⁴.
     *
     * <p>exp(x) = 2ⁿ·exp(r) with n = round(x/ln 2), and Taylor's polynomial of degree 7 for |r| ≤ ln 2 / 2, whose remainder
     * is below 2⁻²⁷. Arguments are clamped to [−87, 88], where the result is a normal float; NaN stays NaN.
     *
     * @param scratch overwritten; at least as long
     */
    static void exp(float[] row, float[] scratch, int length) {
        for (int i = 0; i < length; i++) {
            row[i] = Math.min(Math.max(row[i], LOWEST_EXPONENT), HIGHEST_EXPONENT);
        }
        for (int i = 0; i < length; i++) {
            scratch[i] = row[i] * LOG2_E + ROUNDER;
        }
        for (int i = 0; i < length; i++) {
            float n = scratch[i] - ROUNDER;
            float r = (row[i] - n * LN2_HIGH) - n * LN2_LOW;
            float p = 1f / 5040f;
            p = p * r + 1f / 720f;
            p = p * r + 1f / 120f;
            p = p * r + 1f / 24f;
            p = p * r + 1f / 6f;
            p = p * r + 0.5f;
            row[i] = (p * r) * r + r + 1f;
        }
        for (int i = 0; i < length; i++) { // times 2ⁿ, a product rather than an addition to the bits: NaN stays NaN
            row[i] *= Float.intBitsToFloat((Float.floatToRawIntBits(scratch[i]) << 23) + ONE_BITS);
        }
    }

    /**
     * Replaces each of the first {@code length} elements x by c·tanh(x/c) = c·(1 − 2/(exp(2x/c) + 1)); absolute error below
     * 2⁻²¹·c.
     *
     * @param scratch overwritten; at least as long
     */
    static void softCap(float[] row, float[] scratch, int length, float cap) {
        float factor = 2 / cap;
        for (int i = 0; i < length; i++) {
            row[i] *= factor;
        }
        exp(row, scratch, length);
        for (int i = 0; i < length; i++) {
            row[i] = cap * (1 - 2 / (row[i] + 1));
        }
    }

    /** Sum of the first {@code length} elements. */
    static float sum(float[] row, int length) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            s0 += row[i];
            s1 += row[i + 1];
            s2 += row[i + 2];
            s3 += row[i + 3];
            s4 += row[i + 4];
            s5 += row[i + 5];
            s6 += row[i + 6];
            s7 += row[i + 7];
        }
        for (; i < length; i++) {
            s0 += row[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /** Sum of the squares of the first {@code length} elements. */
    static float sumOfSquares(float[] row, int length) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            s0 += row[i] * row[i];
            s1 += row[i + 1] * row[i + 1];
            s2 += row[i + 2] * row[i + 2];
            s3 += row[i + 3] * row[i + 3];
            s4 += row[i + 4] * row[i + 4];
            s5 += row[i + 5] * row[i + 5];
            s6 += row[i + 6] * row[i + 6];
            s7 += row[i + 7] * row[i + 7];
        }
        for (; i < length; i++) {
            s0 += row[i] * row[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /** Largest of the first {@code length} elements, at least one. */
    static float max(float[] row, int length) {
        float m0 = row[0], m1 = m0, m2 = m0, m3 = m0;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            m0 = row[i] > m0 ? row[i] : m0;
            m1 = row[i + 1] > m1 ? row[i + 1] : m1;
            m2 = row[i + 2] > m2 ? row[i + 2] : m2;
            m3 = row[i + 3] > m3 ? row[i + 3] : m3;
        }
        for (; i < length; i++) {
            m0 = row[i] > m0 ? row[i] : m0;
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }
}
