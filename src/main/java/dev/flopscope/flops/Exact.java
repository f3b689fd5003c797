package dev.flopscope.flops;

/** Arithmetic on counts that refuses to wrap around. */
final class Exact {
    private Exact() {}

    /**
     * The product of the factors.
     *
     * @throws ArithmeticException if it exceeds 2⁶³−1
     */
    static long product(long... factors) {
        long product = 1;
        for (long factor : factors) {
            product = Math.multiplyExact(product, factor);
        }
        return product;
    }

    /**
     * The sum of the terms.
     *
     * @throws ArithmeticException if it exceeds 2⁶³−1
     */
    static long sum(long... terms) {
        long sum = 0;
        for (long term : terms) {
            sum = Math.addExact(sum, term);
        }
        return sum;
    }
}
