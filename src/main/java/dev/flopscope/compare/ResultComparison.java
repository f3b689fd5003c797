package dev.flopscope.compare;

import dev.flopscope.compare.SavedResult.PhaseTimes;
import dev.flopscope.compare.SignificanceTest.Pair;
import dev.flopscope.compare.SignificanceTest.Verdicts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two saved results side by side.
 *
 * <p>A row gets a verdict if noise would hardly make its change, and if the change is beyond a margin. The prompt as a whole
 * is tested alone, at {@value #ERROR}. The other rows are tested together by Benjamini and Hochberg's procedure (1995,
 * Journal of the Royal Statistical Society B 57) at {@value #ERROR}: if nothing changed, the probability of any verdict among
 * them is at most that, and otherwise at most that share of the verdicts is wrong on average. Rows of one pass rise and fall
 * together, which the procedure allows (Benjamini and Yekutieli 2001). The rows' intervals are corrected for the selection in
 * the same way (Benjamini and Yekutieli 2005).
 *
 * <p>Two are called equal if the whole interval lies within the margin. Where it reaches beyond, they cannot be told.
 *
 * <p>Repetitions of one process cannot show how much two processes of the same program differ; the margin allows for that.
 * The speed calibration widens it: where the machine itself was slower in one result, only what changed by more than the
 * machine did is called one, and nothing is called equal that is not so beside what the machine did. A row whose change is less than {@value #LEAST_SHARE} of its phase gets none, because two
 * processes of the same program differ most where the clock has little to measure. The share of a site is that of its kind in
 * one layer.
 *
 * @param a the first
 * @param b the second
 * @param by what the rows are
 * @param margin relative change that is never called a change: 0.05 is 5 %
 * @param workDifferences what makes the two incomparable; empty if they compare
 * @param environmentDifferences what else differs
 * @param speedCalibration how the machine itself changed; none unless both results tell and were measured by as many threads
 *     of the same processor: otherwise the machines are what is compared
 * @param pass the prompt as a whole
 * @param rows kinds and operators, or sites, of the prompt; then those of decoding and decoding as a whole, if both results
 *     decoded as many tokens
 * @param passConfidence probability with which the interval of {@code pass} holds its factor
 * @param rowConfidence probability with which each interval of {@code rows} holds its factor
 */
public record ResultComparison(
        SavedResult a,
        SavedResult b,
        By by,
        double margin,
        List<Difference> workDifferences,
        List<Difference> environmentDifferences,
        Optional<Change> speedCalibration,
        Change pass,
        List<Change> rows,
        double passConfidence,
        double rowConfidence) {
    /** Accepted probability of a verdict where nothing changed. */
    public static final double ERROR = 0.05;

    /** The share of a phase's time below which a change of a row is never called one. */
    static final double LEAST_SHARE = 0.005;

    /** Keeps copies. */
    public ResultComparison {
        workDifferences = List.copyOf(workDifferences);
        environmentDifferences = List.copyOf(environmentDifferences);
        rows = List.copyOf(rows);
    }

    /** What the rows are. */
    public enum By {
        /** A row a kind of product and an operator between products, all layers together. */
        KIND,
        /** A row a site. */
        SITE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Compares.
     *
     * @param a the first
     * @param b the second
     * @param by what the rows are
     * @param margin relative change that is never called a change, at least 0
     */
    public static ResultComparison of(SavedResult a, SavedResult b, By by, double margin) {
        List<Difference> work = Difference.between(a.work(), b.work());
        SignificanceTest test = new SignificanceTest(work.isEmpty());
        Optional<Change> calibration = speedCalibration(a, b, test);
        Margin allowed = Margin.of(margin, machineFactor(calibration));
        List<Pair> pairs = pairs(a.prefill(), b.prefill(), by, allowed);
        if (a.decodedAsMuchAs(b)) {
            PhaseTimes before = a.decode().orElseThrow();
            PhaseTimes after = b.decode().orElseThrow();
            pairs.addAll(pairs(before, after, by, allowed));
            pairs.add(new Pair(before.whole(), after.whole(), allowed.and(LEAST_SHARE)));
        }
        Verdicts rows = test.test(pairs);
        Verdicts pass =
                test.test(List.of(new Pair(a.prefill().whole(), b.prefill().whole(), allowed)));
        return new ResultComparison(
                a,
                b,
                by,
                margin,
                work,
                Difference.between(a.environment(), b.environment()),
                calibration,
                pass.changes().get(0),
                rows.changes(),
                pass.confidence(),
                rows.confidence());
    }

    /** Decoding as a whole; none if it is not compared. */
    public Optional<Change> decode() {
        return rows.stream().filter(row -> row.a().kind().equals(Series.DECODE)).findFirst();
    }

    /** Whether one of the two has decoded tokens, and the other none or another number of them. */
    public boolean leavesDecodingOut() {
        return (a.decode().isPresent() || b.decode().isPresent()) && !a.decodedAsMuchAs(b);
    }

    /** Whether both are of the same work. */
    public boolean comparable() {
        return workDifferences.isEmpty();
    }

    /**
     * Whether the second is slower by more than {@code limit}, in the pass or in decoding as a whole: the worse of the two.
     *
     * @param limit relative change: 0.05 is 5 %
     */
    public SlowDown slowDown(double limit) {
        Margin margin = Margin.of(limit, machineFactor(speedCalibration));
        return Stream.concat(Stream.of(pass), decode().stream())
                .map(change -> slowDown(change, margin))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private SlowDown slowDown(Change change, Margin margin) {
        if (!comparable() || change.interval().isEmpty()) {
            return SlowDown.NOT_EXCLUDED;
        }
        Interval interval = change.interval().get();
        if (interval.low() > margin.high()) {
            return SlowDown.SHOWN;
        }
        return interval.high() <= margin.equalHigh() ? SlowDown.EXCLUDED : SlowDown.NOT_EXCLUDED;
    }

    /** How many times as long the machine itself took in the second; 1 unless the calibrations show that it changed. */
    public double machineFactor() {
        return machineFactor(speedCalibration);
    }

    /** Rows with this verdict, in their order. */
    public List<Change> withVerdict(Direction direction) {
        return rows.stream().filter(row -> row.direction() == direction).toList();
    }

    /** The least repetitions of each result at which one row among the rows can get a verdict of its own. */
    public int repetitionsForEveryRow() {
        return IntStream.iterate(2, count -> count + 1)
                .filter(count -> 2 * RankDistribution.of(count, count).atMost(0) <= ERROR / Math.max(1, rows.size()))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Change> speedCalibration(SavedResult a, SavedResult b, SignificanceTest test) {
        return a.speedCalibration().isEmpty() || b.speedCalibration().isEmpty() || !a.onTheSameMachineAs(b)
                ? Optional.empty()
                : Optional.of(test.test(List.of(new Pair(
                                a.speedCalibration().get(), b.speedCalibration().get(), Margin.of(0, 1))))
                        .changes()
                        .get(0));
    }

    private static double machineFactor(Optional<Change> calibration) {
        return calibration
                .filter(change -> change.direction() == Direction.SLOWER || change.direction() == Direction.FASTER)
                .map(Change::timeFactor)
                .orElse(1.0);
    }

    private static List<Pair> pairs(PhaseTimes before, PhaseTimes after, By by, Margin allowed) {
        List<Series> rows = by == By.KIND ? before.kinds() : before.sites();
        List<Series> others = by == By.KIND ? after.kinds() : after.sites();
        Map<String, Long> layers = rows.stream().collect(Collectors.groupingBy(Series::kind, Collectors.counting()));
        List<Pair> pairs = new ArrayList<>();
        for (Series row : rows) {
            double least = LEAST_SHARE * before.whole().median() / layers.getOrDefault(row.kind(), 1L);
            double share = least / Math.max(row.median(), Double.MIN_VALUE);
            others.stream()
                    .filter(row::matches)
                    .findFirst()
                    .ifPresent(other -> pairs.add(new Pair(row, other, allowed.and(share))));
        }
        return pairs;
    }
}
