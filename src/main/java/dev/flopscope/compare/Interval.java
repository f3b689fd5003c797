package dev.flopscope.compare;

/**
 * Bounds of a factor, both within.
 *
 * @param low the lower
 * @param high the upper, at least {@code low}
 */
public record Interval(double low, double high) {}
