package dev.flopscope;

import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MemoryBandwidth;
import dev.flopscope.machine.MultiplyAddLoop;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import java.util.List;

/** Ceilings by hand, for analysis that can be checked by hand. */
public final class SmallCeilings {
    /**
     * Skinny products reach 10 GFLOP/s, at best 10.5; vectors 1, at best 1.25; the others 7, at best 8. The roofline is flat
     * at 12, and memory moves 4 bytes a nanosecond.
     */
    public static final Ceilings CEILINGS = new Ceilings(
            1,
            MultiplyAddLoop.AVX512,
            rate(12, 12),
            new MemoryBandwidth(rate(3e9, 4e9), rate(1e9, 1e9), rate(2e9, 2e9), 1),
            List.of(
                    new ProductCeiling(ShapeClass.LARGE, 1000, 1000, 1000, rate(7, 8)),
                    new ProductCeiling(ShapeClass.ATTENTION, 100, 10, 100, rate(7, 8)),
                    new ProductCeiling(ShapeClass.SKINNY, 10, 1000, 1000, rate(10, 10.5)),
                    new ProductCeiling(ShapeClass.VECTOR, 1, 1000, 1000, rate(1, 1.25))));

    private SmallCeilings() {}

    private static Rate rate(double median, double best) {
        return new Rate(median, best, 3, true);
    }
}
