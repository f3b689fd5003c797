package dev.flopscope.compare;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the time of one thing changed from one result to another. Its change of time is its change of work over its change of rate:
 * {@code timeFactor = workFactor / rateFactor}.
 *
 * @param a its times in the first
 * @param b its times in the second
 * @param timeFactor how many times as long it takes in the second
 * @param interval the bounds of that factor; none if there are too few repetitions
 * @param direction the verdict
 */
public record Change(Series a, Series b, double timeFactor, Optional<Interval> interval, Direction direction) {
    /** FLOPs of the second over those of the first; none if it is no product, or the first does none. */
    public OptionalDouble workFactor() {
        return a.flops().isPresent() && b.flops().isPresent() && a.flops().getAsLong() > 0
                ? OptionalDouble.of((double) b.flops().getAsLong() / a.flops().getAsLong())
                : OptionalDouble.empty();
    }

    /** FLOPs a second of the second over those of the first. */
    public OptionalDouble rateFactor() {
        return workFactor().isPresent()
                ? OptionalDouble.of(workFactor().getAsDouble() / timeFactor)
                : OptionalDouble.empty();
    }

    /** How many seconds longer the second takes, by the medians. */
    public double secondsMore() {
        return b.median() - a.median();
    }
}
