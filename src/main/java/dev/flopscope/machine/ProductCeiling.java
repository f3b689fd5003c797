package dev.flopscope.machine;

/**
 * What a class of products reaches, shown by one shape of it.
 *
 * @param shapeClass the class
 * @param m rows of the left operand
 * @param k the inner extent
 * @param n columns of the result
 * @param gflopsPerSecond its rate, all threads together
 */
public record ProductCeiling(ShapeClass shapeClass, long m, long k, long n, Rate gflopsPerSecond) {
    private static final double FLOAT_BYTES = 4;
    private static final double GIGA = 1e9;

    /** FLOPs for each byte that has to move at the least: each operand read once, the result written once, in float32. */
    public double flopsPerByte() {
        return 2.0 * m * k * n / (FLOAT_BYTES * (m * k + k * n + m * n));
    }

    /** Bytes a second that the fastest sample moved at the least. */
    double bestBytesPerSecond() {
        return gflopsPerSecond.best() * GIGA / flopsPerByte();
    }

    /** Bytes a second that the middle sample moved at the least. */
    double medianBytesPerSecond() {
        return gflopsPerSecond.median() * GIGA / flopsPerByte();
    }

    ProductCeiling faster(ProductCeiling other) {
        return new ProductCeiling(shapeClass, m, k, n, gflopsPerSecond.faster(other.gflopsPerSecond));
    }
}
