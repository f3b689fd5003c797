package dev.flopscope.convention;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * From the total of one convention to that of another, a line a term: the first total and all differences make the second.
 *
 * @param from the first
 * @param to the second
 * @param lines one for every term that either counts, in the order of a pass
 */
public record Bridge(Reading from, Reading to, List<Line> lines) {
    /**
     * One term.
     *
     * @param term a kind of product, or what others count and we do not
     * @param from its FLOPs by the first convention, 0 if it does not count it
     * @param to its FLOPs by the second
     * @param reasons why they differ, each with the name of the convention that it belongs to; none where they do not
     */
    public record Line(String term, BigInteger from, BigInteger to, List<Reason> reasons) {
        /** Keeps a copy of the list. */
        public Line {
            reasons = List.copyOf(reasons);
        }

        /** What leads from the first number to the second. */
        public BigInteger difference() {
            return to.subtract(from);
        }
    }

    /** What a convention does otherwise than we do. */
    public record Reason(String convention, String what) {}

    /** Keeps a copy of the list. */
    public Bridge {
        lines = List.copyOf(lines);
    }

    /** The bridge between two readings of one pass. */
    public static Bridge of(Reading from, Reading to) {
        Set<String> terms = new LinkedHashSet<>(from.terms().keySet());
        List<String> ofOthers = to.terms().keySet().stream()
                .filter(term -> !terms.contains(term))
                .toList();
        terms.addAll(ofOthers);
        return new Bridge(
                from, to, terms.stream().map(term -> line(term, from, to)).toList());
    }

    private static Line line(String term, Reading from, Reading to) {
        BigInteger before = from.flops(term);
        BigInteger after = to.flops(term);
        List<Reason> reasons = new ArrayList<>();
        if (!before.equals(after)) {
            add(reasons, from, from.reasons(term), to.reasons(term));
            add(reasons, to, to.reasons(term), from.reasons(term));
        }
        return new Line(term, before, after, reasons);
    }

    private static void add(List<Reason> reasons, Reading reading, List<String> own, List<String> ofTheOther) {
        own.stream()
                .filter(reason -> !ofTheOther.contains(reason))
                .map(reason -> new Reason(reading.convention().name(), reason))
                .forEach(reasons::add);
    }

    /** The first total and all differences. */
    public BigInteger sum() {
        return lines.stream().map(Line::difference).reduce(from.total(), BigInteger::add);
    }
}
