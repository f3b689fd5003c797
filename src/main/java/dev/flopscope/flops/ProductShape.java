package dev.flopscope.flops;

/**
 * How often a product of one shape happens in one layer, by closed form.
 *
 * @param m rows of the result
 * @param k the extent summed over
 * @param n columns of the result
 * @param calls products of this shape in one layer
 */
public record ProductShape(long m, long k, long n, long calls) {}
