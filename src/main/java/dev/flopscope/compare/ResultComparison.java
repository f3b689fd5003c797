package dev.flopscope.compare;

import dev.flopscope.compare.SavedResult.Decoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Two saved results side by side.
 *
 * <p>A verdict needs two things: that noise would not make the change, and that it is beyond a margin. The pass is judged
 * alone, at {@value #ERROR}. The other rows are judged together by Benjamini and Hochberg's procedure (1995, Journal of the
 * Royal Statistical Society B 57) at {@value #ERROR}: if nothing changed, the probability of any verdict among them is at most
 * that, and otherwise at most that share of the verdicts is wrong on average. Rows of one pass rise and fall together, which
 * the procedure allows (Benjamini and Yekutieli 2001). The rows' intervals are corrected for the selection in the same way
 * (Benjamini and Yekutieli 2005).
 *
 * <p>Repetitions of one process cannot show how much two processes of the same program differ. The margin stands for that,
 * and so does the yardstick: where the machine itself was slower in one result, only what changed by more than it did gets a
 * verdict. A row whose change is less than {@value #LEAST_SHARE} of the pass, or of decoding, gets none, a site's share being that of its kind
 * in one layer: where the clock has little to measure, two processes of the same program differ most.
 *
 * @param a the first
 * @param b the second
 * @param by what the rows are
 * @param margin relative change that is never called a change: 0.05 is 5 %
 * @param workDifferences what makes the two incomparable; empty if they compare
 * @param circumstances what else differs
 * @param yardstick the machine itself; none unless both tell and were measured by as many threads of the same processor,
 *     without which the machine is what is compared
 * @param pass the whole pass
 * @param rows kinds and steps, or sites; those of decoding after those of the pass, and last decoding as a whole, if both
 *     results have decoded as many tokens
 * @param passConfidence probability with which the interval of {@code pass} holds its factor
 * @param rowConfidence probability with which each interval of {@code rows} holds its factor
 */
public record ResultComparison(
        SavedResult a,
        SavedResult b,
        By by,
        double margin,
        List<Difference> workDifferences,
        List<Difference> circumstances,
        Optional<Change> yardstick,
        Change pass,
        List<Change> rows,
        double passConfidence,
        double rowConfidence) {
    /** Accepted probability of a verdict where nothing changed. */
    public static final double ERROR = 0.05;

    /** Of the pass's time: a smaller change of a row is never called one. */
    static final double LEAST_SHARE = 0.005;

    /** Keeps copies. */
    public ResultComparison {
        workDifferences = List.copyOf(workDifferences);
        circumstances = List.copyOf(circumstances);
        rows = List.copyOf(rows);
    }

    /** What the rows are. */
    public enum By {
        /** A row a kind of product and a step between products, all layers together. */
        KIND,
        /** A row a site. */
        SITE
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
        Judge judge = new Judge(work.isEmpty());
        Optional<Change> yardstick = yardstick(a, b, judge);
        Allowance allowed = Allowance.of(margin, machineFactor(yardstick));
        List<Judge.Pair> pairs = by == By.KIND
                ? pairs(a.pass(), a.kinds(), b.kinds(), allowed)
                : pairs(a.pass(), a.sites(), b.sites(), allowed);
        if (decodedAlike(a, b)) {
            pairs.addAll(pairs(a.decode().orElseThrow().whole(), ofDecoding(a, by), ofDecoding(b, by), allowed));
        }
        Judge.Verdicts rows = judge.judge(pairs);
        Judge.Verdicts pass = judge.judge(List.of(new Judge.Pair(a.pass(), b.pass(), allowed)));
        return new ResultComparison(
                a,
                b,
                by,
                margin,
                work,
                Difference.between(a.circumstances(), b.circumstances()),
                yardstick,
                pass.changes().get(0),
                rows.changes(),
                pass.confidence(),
                rows.confidence());
    }

    private static boolean decodedAlike(SavedResult a, SavedResult b) {
        return a.decode().isPresent()
                && a.decode().map(Decoded::tokens).equals(b.decode().map(Decoded::tokens));
    }

    private static List<Timed> ofDecoding(SavedResult result, By by) {
        Decoded decoded = result.decode().orElseThrow();
        List<Timed> rows = new ArrayList<>(by == By.KIND ? decoded.kinds() : decoded.sites());
        rows.add(decoded.whole());
        return rows;
    }

    /** Decoding as a whole; none if it is not compared. */
    public Optional<Change> decode() {
        return rows.stream().filter(row -> row.a().kind().equals(Timed.DECODE)).findFirst();
    }

    /** Whether one of the two has decoded tokens, and the other none or another number of them. */
    public boolean leavesDecodingOut() {
        return (a.decode().isPresent() || b.decode().isPresent()) && !decodedAlike(a, b);
    }

    /** Whether both are of the same work. */
    public boolean comparable() {
        return workDifferences.isEmpty();
    }

    /**
     * Whether the pass of the second is slower by more than {@code limit}, with its whole interval and beyond what the machine
     * itself was slower by; none if nobody can tell.
     */
    public Optional<Boolean> slowerThan(double limit) {
        double high = Allowance.of(limit, machineFactor(yardstick)).high();
        return comparable() ? pass.interval().map(interval -> interval.low() > high) : Optional.empty();
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

    private static Optional<Change> yardstick(SavedResult a, SavedResult b, Judge judge) {
        return a.yardstick().isEmpty() || b.yardstick().isEmpty() || !a.onTheSameMachineAs(b)
                ? Optional.empty()
                : Optional.of(judge.judge(List.of(new Judge.Pair(
                                a.yardstick().get(), b.yardstick().get(), Allowance.of(0, 1))))
                        .changes()
                        .get(0));
    }

    private static double machineFactor(Optional<Change> yardstick) {
        return yardstick.map(Change::timeFactor).orElse(1.0);
    }

    private static List<Judge.Pair> pairs(Timed whole, List<Timed> before, List<Timed> after, Allowance allowed) {
        Map<String, Long> layers = before.stream().collect(Collectors.groupingBy(Timed::kind, Collectors.counting()));
        List<Judge.Pair> pairs = new ArrayList<>();
        for (Timed row : before) {
            double least = LEAST_SHARE * whole.median() / layers.getOrDefault(row.kind(), 1L);
            double share = least / Math.max(row.median(), Double.MIN_VALUE);
            after.stream()
                    .filter(row::matches)
                    .findFirst()
                    .ifPresent(other -> pairs.add(new Judge.Pair(row, other, allowed.and(share))));
        }
        return pairs;
    }
}
