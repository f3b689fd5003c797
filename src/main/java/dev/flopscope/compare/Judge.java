package dev.flopscope.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives verdicts to a family of rows, by the procedure that {@link ResultComparison} describes.
 *
 * @param comparable whether the two results are of the same work; if not, every verdict says so
 * @param distributions of ranks, by sizes of samples, as far as they were needed
 */
record Judge(boolean comparable, Map<List<Integer>, RankDistribution> distributions) {
    Judge(boolean comparable) {
        this(comparable, new HashMap<>());
    }

    /** The same thing in both results, and what of its change is never called one. */
    record Pair(Timed a, Timed b, Allowance allowed) {}

    /** The rows judged, and the confidence of each interval. */
    record Verdicts(List<Change> changes, double confidence) {}

    /** Judges all of {@code pairs} together. */
    Verdicts judge(List<Pair> pairs) {
        List<TimeRatio> ratios = pairs.stream().map(this::ratio).toList();
        double[] values = new double[pairs.size()];
        Arrays.setAll(values, row -> ratios.get(row).pValue(pairs.get(row).allowed()));
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
            Direction direction = direction(ratio, values[row], interval, called == 0 ? 0 : bound, attainable > bound);
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

    private Direction direction(
            TimeRatio ratio, double value, Optional<Interval> interval, double bound, boolean tooFewForOneRow) {
        if (!comparable) {
            return Direction.NOT_COMPARABLE;
        }
        if (interval.isEmpty()) {
            return Direction.NO_INTERVAL;
        }
        if (value <= bound) {
            return ratio.slower() ? Direction.SLOWER : Direction.FASTER;
        }
        return tooFewForOneRow && value <= ratio.leastPValue() ? Direction.UNDECIDED : Direction.EQUAL;
    }
}
