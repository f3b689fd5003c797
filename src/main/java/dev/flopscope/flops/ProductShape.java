package dev.flopscope.flops;

/**
 * How often a product of one shape happens in one layer, by closed form.
 *
 * @param m rows of the result
 * @param k the extent summed over
 * @param n columns of the result
 * @param calls products of this shape in one layer
 */
public record ProductShape(long m, long k, long n, long calls) {
    private static final long FLOAT_BYTES = 4;

    /** Bytes of all calls when each reads both operands once and writes its result once, in float32. */
    long leastBytes() {
        long elements = Exact.sum(Exact.product(m, k), Exact.product(k, n), Exact.product(m, n));
        return Exact.product(FLOAT_BYTES, elements, calls);
    }
}
