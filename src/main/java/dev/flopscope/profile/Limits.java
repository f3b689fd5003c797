package dev.flopscope.profile;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.Rate;
import dev.flopscope.profile.Hotspot.Bound;

/**
 * The GFLOP/s that products can reach, shape by shape.
 *
 * @param ceilings what the machine reaches
 * @param limit what limits the products
 */
record Limits(Ceilings ceilings, Limit limit) {
    private static final double GIGA = 1e9;

    /** The rate to expect. */
    double expected(MatmulShape shape) {
        return switch (limit) {
            case SHAPE_CLASS -> ofClass(shape).median();
            case MEMORY ->
                Math.min(ofClass(shape).median(), intensity(shape) * ceilings.expectedBytesPerSecond() / GIGA);
            case CACHES -> ceilings.computePeak().value();
        };
    }

    /** The rate that products cannot exceed: where they do, a measurement is wrong. */
    double best(MatmulShape shape) {
        return limit == Limit.SHAPE_CLASS ? ofClass(shape).best() : roofline(shape);
    }

    /** The rate that the roofline allows. */
    double roofline(MatmulShape shape) {
        return limit == Limit.CACHES ? ceilings.computePeak().value() : ceilings.roofline(intensity(shape));
    }

    /** What limits products of {@code flopsPerByte}. */
    Bound bound(double flopsPerByte) {
        if (flopsPerByte >= ceilings.balance()) {
            return Bound.COMPUTE;
        }
        return limit == Limit.CACHES ? Bound.CACHES : Bound.MEMORY;
    }

    private Rate ofClass(MatmulShape shape) {
        return ceilings.productCeiling(shape.m(), shape.k(), shape.n()).gflopsPerSecond();
    }

    private static double intensity(MatmulShape shape) {
        return (double) shape.flops() / shape.compulsoryBytes();
    }
}
