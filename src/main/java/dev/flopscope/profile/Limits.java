package dev.flopscope.profile;

import dev.flopscope.count.MatmulShape;

/** What the machine was measured to be able to do, in this process and with as many threads as the passes had. */
public interface Limits {
    /**
     * The roofline (Williams, Waterman and Patterson 2009): the lesser of the compute peak and of {@code flopsPerByte} times
     * the memory bandwidth.
     *
     * @return 10⁹ FLOPs a second
     */
    double roofline(double flopsPerByte);

    /** The compute peak: the flat part of the roofline, in 10⁹ FLOPs a second. */
    double computePeak();

    /** What products of the class that {@code shape} belongs to reach. */
    ProductLimit product(MatmulShape shape);

    /**
     * The ceiling of a class of shapes.
     *
     * @param shapeClass the class
     * @param gflopsPerSecond the median rate measured for it
     * @param bestGflopsPerSecond the best; what lies between the two is the ceiling's own spread
     */
    record ProductLimit(String shapeClass, double gflopsPerSecond, double bestGflopsPerSecond) {}
}
