package dev.flopscope.profile;

import java.util.Arrays;
import java.util.Collection;

/**
 * The middle and the spread of samples, for all of Flopscope.
 *
 * <p>A quantile p of n sorted samples lies at position (n − 1)·p, counted from 0. Between two samples it is interpolated
 * linearly. numpy and R do the same by default; it is type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical
 * packages". So the median of an even number of samples is the mean of the middle two.
 */
public final class Statistics {
    private static final double LOWER_QUARTILE = 0.25;
    private static final double MEDIAN = 0.5;
    private static final double UPPER_QUARTILE = 0.75;

    private Statistics() {}

    /**
     * The median of {@code samples}, in their unit.
     *
     * @throws IllegalArgumentException if there is no sample
     */
    public static double median(Collection<? extends Number> samples) {
        return quantile(samples, MEDIAN);
    }

    /** The upper quartile of {@code samples} less the lower one, in their unit; 0 for one sample. */
    public static double interquartileRange(Collection<? extends Number> samples) {
        return quantile(samples, UPPER_QUARTILE) - quantile(samples, LOWER_QUARTILE);
    }

    /** The largest of {@code samples} less the smallest, as a part of their median; 0 if the median is 0. */
    public static double relativeSpread(Collection<? extends Number> samples) {
        double median = median(samples);
        return median == 0 ? 0 : (quantile(samples, 1) - quantile(samples, 0)) / median;
    }

    /**
     * The value that the part {@code p} of {@code samples} does not exceed, in their unit.
     *
     * @param p from 0, the smallest sample, to 1, the largest
     * @throws IllegalArgumentException if there is no sample, or {@code p} is not from 0 to 1
     */
    public static double quantile(Collection<? extends Number> samples, double p) {
        if (samples.isEmpty() || !(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(samples.size() + " samples have no quantile " + p);
        }
        double[] sorted = samples.stream().mapToDouble(Number::doubleValue).toArray();
        Arrays.sort(sorted);
        double position = (sorted.length - 1) * p;
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
