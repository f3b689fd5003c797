package dev.flopscope.profile;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The same time measured in every repetition.
 *
 * <p>Quantiles are by nearest rank, so each is a time that was measured: the median of an even number is the lower of the
 * middle two.
 *
 * @param nanoseconds one entry a repetition, in the order they were measured
 */
public record Samples(List<Long> nanoseconds) {
    private static final double LOWER_QUARTILE = 0.25;
    private static final double MEDIAN = 0.5;
    private static final double UPPER_QUARTILE = 0.75;

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

    /** The middle one, in nanoseconds. */
    public long median() {
        return quantile(MEDIAN);
    }

    /** How far the middle half spreads: upper quartile less lower quartile, in nanoseconds. */
    public long interquartileRange() {
        return quantile(UPPER_QUARTILE) - quantile(LOWER_QUARTILE);
    }

    private long quantile(double part) {
        int rank = (int) Math.ceil(part * nanoseconds.size());
        return nanoseconds.stream().sorted().skip(rank - 1L).findFirst().orElseThrow();
    }
}
