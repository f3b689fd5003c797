package dev.flopscope;

/** The constants of float32 rounding error analysis (Higham 2002, "Accuracy and stability", §3.1). */
public final class Rounding {
    /** The unit roundoff of float32. */
    public static final double UNIT = 0x1p-24;

    private Rounding() {}

    /**
     * γₖ = k·u / (1 − k·u): the relative error of k rounded operations, and of a sum of k products in any order, fused or
     * not.
     */
    public static double gamma(long k) {
        return k * UNIT / (1 - k * UNIT);
    }
}
