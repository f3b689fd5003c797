package dev.flopscope.count;

/**
 * The extents of one observed product, (m×k)·(k×n).
 *
 * @param m rows of the result
 * @param k the extent summed over
 * @param n columns of the result
 */
public record MatmulShape(long m, long k, long n) {
    /**
     * FLOPs of the product: m·k·n multiply-adds, each one multiply and one add.
     *
     * @throws ArithmeticException if the count exceeds 2⁶³−1
     */
    public long flops() {
        return Math.multiplyExact(2, Math.multiplyExact(m, Math.multiplyExact(k, n)));
    }

    /**
     * Compulsory traffic in bytes of float32: both operands are read once and the result is written once, whatever a cache
     * does.
     *
     * @throws ArithmeticException if the count exceeds 2⁶³−1
     */
    public long compulsoryBytes() {
        long operands = Math.addExact(Math.multiplyExact(m, k), Math.multiplyExact(k, n));
        return Math.multiplyExact(Float.BYTES, Math.addExact(operands, Math.multiplyExact(m, n)));
    }

    /** {@code 1024×64×1024}. */
    @Override
    public String toString() {
        return m + "×" + k + "×" + n;
    }
}
