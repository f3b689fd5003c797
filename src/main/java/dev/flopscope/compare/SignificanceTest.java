package dev.flopscope.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests whether rows have changed, a family of rows at a time, by the procedure that {@link ResultComparison} describes. */
final class SignificanceTest {
    private final boolean comparable;
    /** Distributions of ranks by the sizes of both samples, as far as they were needed. */
    private final Map<List<Integer>, RankDistribution> distributions = new HashMap<>();

    /** Tests rows of two results; if they are not {@code comparable}, every verdict says so. */
    SignificanceTest(boolean comparable) {
        this.comparable = comparable;
    }

    /** The same thing in both results, and the margin within which its change is never called one. */
    record Pair(Series a, Series b, Margin margin) {}

    /** The verdicts on rows, and the confidence of each interval. */
    record Verdicts(List<Change> changes, double confidence) {}

    /** Tests all of {@code pairs} together. */
    Verdicts test(List<Pair> pairs) {
        List<TimeRatio> ratios = pairs.stream().map(this::ratio).toList();
        double[] values = new double[pairs.size()];
        Arrays.setAll(values, row -> ratios.get(row).pValue(pairs.get(row).margin()));
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int called = called(sorted);
        // Of as many rows as get a verdict, or of one where none does.
        double bound = ResultComparison.ERROR * Math.max(1, called) / Math.max(1, pairs.size());
        double attainable =
                ratios.stream().mapToDouble(TimeRatio::leastPValue).max().orElse(0);
        double error = Math.max(bound, attainable);
        List<Change> changes = new ArrayList<>();
        for (int row = 0; row < pairs.size(); row++) {
            TimeRatio ratio = ratios.get(row);
            Optional<Interval> interval = error <= ResultComparison.ERROR ? ratio.interval(error) : Optional.empty();
            Direction direction = direction(
                    ratio,
                    values[row] <= bound && called > 0,
                    interval,
                    pairs.get(row).margin());
            changes.add(new Change(pairs.get(row).a(), pairs.get(row).b(), ratio.factor(), interval, direction));
        }
        return new Verdicts(changes, 1 - error);
    }

    private TimeRatio ratio(Pair pair) {
        List<Integer> sizes =
                List.of(pair.a().samples().size(), pair.b().samples().size());
        RankDistribution ranks =
                distributions.computeIfAbsent(sizes, key -> RankDistribution.of(key.get(0), key.get(1)));
        return TimeRatio.of(pair.a().samples(), pair.b().samples(), ranks);
    }

    /** How many of these sorted p-values Benjamini and Hochberg's procedure calls. */
    private static int called(double[] sorted) {
        int called = 0;
        for (int rank = 1; rank <= sorted.length; rank++) {
            if (sorted[rank - 1] <= ResultComparison.ERROR * rank / sorted.length) {
                called = rank;
            }
        }
        return called;
    }

    private Direction direction(TimeRatio ratio, boolean called, Optional<Interval> interval, Margin margin) {
        if (!comparable) {
            return Direction.NOT_COMPARABLE;
        }
        if (called && interval.isPresent()) {
            return ratio.slower() ? Direction.SLOWER : Direction.FASTER;
        }
        if (interval.filter(margin::isEqual).isPresent()) {
            return Direction.EQUAL;
        }
        return interval.filter(margin::isMinor).isPresent() ? Direction.MINOR : Direction.CANNOT_TELL;
    }
}
