package dev.flopscope.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How many times as long one set of repetitions takes as another, without assuming a shape of the noise.
 *
 * <p>All ratios of one repetition of B to one of A are sorted. Their median estimates the factor (Hodges and Lehmann 1963),
 * and two of them bound it: the interval that Mann and Whitney's test does not reject (Moses; Hollander and Wolfe 1999,
 * chapter 4), with exact confidence for repetitions that are exchangeable. Ties make the interval wider, never narrower.
 */
final class TimeRatio {
    /** The shortest time that a clock of nanoseconds shows. It takes the place of 0, so that every ratio is finite. */
    private static final double TICK = 1e-9;

    private final double[] ratios;
    private final RankDistribution ranks;

    private TimeRatio(double[] ratios, RankDistribution ranks) {
        this.ratios = ratios;
        this.ranks = ranks;
    }

    /** Ratios of {@code b} to {@code a}, in seconds; {@code ranks} is of as many values as they are. */
    static TimeRatio of(List<Double> a, List<Double> b, RankDistribution ranks) {
        double[] ratios = new double[ranks.pairs()];
        int pair = 0;
        for (double before : a) {
            for (double after : b) {
                ratios[pair++] = Math.max(after, TICK) / Math.max(before, TICK);
            }
        }
        Arrays.sort(ratios);
        return new TimeRatio(ratios, ranks);
    }

    /**
     * The estimated factor: the median of the ratios on a logarithmic scale, which is the geometric mean of the middle two of
     * an even number. So the factor of A to B is the inverse of that of B to A.
     */
    double factor() {
        int middle = ratios.length / 2;
        return ratios.length % 2 == 1 ? ratios[middle] : Math.sqrt(ratios[middle - 1] * ratios[middle]);
    }

    /** The least two-sided p-value that this many repetitions can give: all of B beyond all of A. */
    double leastPValue() {
        return Math.min(1, 2 * ranks.atMost(0));
    }

    /** The two-sided p-value of "the factor is within the margin". */
    double pValue(Margin margin) {
        return Math.min(1, 2 * Math.min(tail(atMost(margin.high())), tail(atLeast(margin.low()))));
    }

    /** Whether B seems slower than A. */
    boolean slower() {
        return factor() > 1;
    }

    /** The interval that holds the factor with probability 1 − {@code error} or more; none if the repetitions are too few. */
    Optional<Interval> interval(double error) {
        int outside = 0;
        while (outside < ratios.length && 2 * ranks.atMost(outside) <= error) {
            outside++;
        }
        return outside == 0
                ? Optional.empty()
                : Optional.of(new Interval(ratios[outside - 1], ratios[ratios.length - outside]));
    }

    private double tail(int pairs) {
        return ranks.atMost(Math.min(pairs, ranks.pairs()));
    }

    private int atMost(double bound) {
        return (int) Arrays.stream(ratios).filter(ratio -> ratio <= bound).count();
    }

    private int atLeast(double bound) {
        return (int) Arrays.stream(ratios).filter(ratio -> ratio >= bound).count();
    }
}
