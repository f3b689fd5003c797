package dev.flopscope.profile;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The same time measured in every repetition. {@link Statistics} defines its quantiles.
 *
 * @param nanoseconds one entry a repetition, in the order they were measured
 */
public record Samples(List<Long> nanoseconds) {
    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Samples {
        nanoseconds = List.copyOf(nanoseconds);
        if (nanoseconds.isEmpty()) {
            throw new IllegalArgumentException("a measurement needs at least one repetition");
        }
    }

    /** What {@code time} is in each of {@code repetitions}. */
    static Samples of(List<Repetition> repetitions, ToLongFunction<Repetition> time) {
        return new Samples(repetitions.stream().mapToLong(time).boxed().toList());
    }

    /** The median in nanoseconds. */
    public double median() {
        return Statistics.median(nanoseconds);
    }

    /** The interquartile range in nanoseconds. */
    public double interquartileRange() {
        return Statistics.interquartileRange(nanoseconds);
    }
}
