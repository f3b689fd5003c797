package dev.flopscope.profile;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.SiteCount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products and the time they took: those of one site, or of several taken together.
 *
 * @param name the site, the kind or the layer
 * @param count calls by shape in one repetition
 * @param time time inside them, in every repetition
 */
public record Products(String name, SiteCount count, Samples time) {
    private static final double NANOSECONDS = 1e9;

    /** Joins products of several sites: calls are added up by shape, times by repetition. */
    static Products together(String name, List<Products> parts) {
        Map<MatmulShape, Long> calls = new HashMap<>();
        List<Long> sums = new ArrayList<>();
        for (Products part : parts) {
            part.count.callsByShape().forEach((shape, number) -> calls.merge(shape, number, Math::addExact));
            List<Long> times = part.time.nanoseconds();
            for (int repetition = 0; repetition < times.size(); repetition++) {
                if (sums.size() == repetition) {
                    sums.add(0L);
                }
                sums.set(repetition, sums.get(repetition) + times.get(repetition));
            }
        }
        return new Products(name, new SiteCount(calls), new Samples(sums));
    }

    /** Products in one repetition. */
    public long calls() {
        return count.calls();
    }

    /**
     * FLOPs in one repetition.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long flops() {
        return count.flops();
    }

    /**
     * Compulsory traffic in bytes of float32: each call reads both operands once and writes its result once. What a cache
     * keeps from one call to the next is not subtracted.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long compulsoryBytes() {
        return count.compulsoryBytes();
    }

    /** Arithmetic intensity: FLOPs a byte. */
    public double intensity() {
        return (double) flops() / compulsoryBytes();
    }

    /** FLOPs over the median time, in 10⁹ a second; 0 if no time passed. */
    public double gflopsPerSecond() {
        return time.median() == 0 ? 0 : flops() / time.median();
    }

    /** Compulsory traffic over the median time, in bytes a second; 0 if no time passed. */
    public double bytesPerSecond() {
        return time.median() == 0 ? 0 : NANOSECONDS * compulsoryBytes() / time.median();
    }
}
