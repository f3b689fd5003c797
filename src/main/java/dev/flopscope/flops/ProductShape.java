package dev.flopscope.flops;

/**
 * How often a product of one shape happens, by closed form.
 *
 * @param m rows of the result
 * @param k the extent summed over
 * @param n columns of the result
 * @param calls products of this shape
 */
public record ProductShape(long m, long k, long n, long calls) {
    private static final long FLOAT_BYTES = 4;

    /** Compulsory traffic of all calls in bytes of float32: each reads both operands once and writes its result once. */
    long compulsoryBytes() {
        long elements = Exact.sum(Exact.product(m, k), Exact.product(k, n), Exact.product(m, n));
        return Exact.product(FLOAT_BYTES, elements, calls);
    }

    /** The same shape, so often. */
    ProductShape withCalls(long times) {
        return new ProductShape(m, k, n, times);
    }

    /** {@code 1024×64×1024}. */
    @Override
    public String toString() {
        return m + "×" + k + "×" + n;
    }
}
