package dev.flopscope.profile;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.time.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What was measured of one phase, a prompt or the decoding of tokens, that was repeated several times.
 *
 * @param counts calls by shape at every site in one repetition; every repetition has the same
 * @param repetitions what was measured, in order
 * @param warmUp what was done before
 * @param ceilings what the machine reaches with as many threads
 * @param limit what limits the products
 */
public record Profile(
        SortedMap<MatmulSite, SiteCount> counts,
        List<Repetition> repetitions,
        WarmUp warmUp,
        Ceilings ceilings,
        Limit limit) {
    /**
     * Keeps copies.
     *
     * @throws IllegalArgumentException if nothing was measured
     */
    public Profile {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        repetitions = List.copyOf(repetitions);
        if (repetitions.isEmpty()) {
            throw new IllegalArgumentException("a profile needs at least one repetition");
        }
    }

    /** Wall time of the phase. */
    public Samples wall() {
        return Samples.of(repetitions, Repetition::wallNanoseconds);
    }

    /** Time in {@code operator}. */
    public Samples operator(Operator operator) {
        return Samples.of(repetitions, repetition -> repetition.times().operator(operator));
    }

    /** Time that threads waited for each other. */
    public Samples waiting() {
        return Samples.of(repetitions, repetition -> repetition.times().waiting());
    }

    /** Time that Java's collectors took, whatever it was that they interrupted. */
    public Samples garbageCollection() {
        return Samples.of(repetitions, Repetition::garbageCollectionNanoseconds);
    }

    /** Wall time that is neither in a product, nor in an operator, nor waiting. */
    public Samples unexplained() {
        return Samples.of(repetitions, Repetition::unexplainedNanoseconds);
    }

    /** All products together. */
    public Products products() {
        return Products.together("all products", sites());
    }

    /** Products by site, in the order of a pass. */
    public List<Products> sites() {
        return counts.keySet().stream().map(this::site).toList();
    }

    /** The products at {@code site}. */
    public Products site(MatmulSite site) {
        SiteCount none = new SiteCount(Map.of());
        return new Products(
                site.toString(),
                counts.getOrDefault(site, none),
                Samples.of(repetitions, repetition -> repetition.times().product(site)));
    }

    /** Products by group, in the order of a pass. */
    public List<Products> by(Grouping grouping) {
        Map<String, List<Products>> groups = new LinkedHashMap<>();
        counts.keySet()
                .forEach(site -> groups.computeIfAbsent(grouping.groupOf(site), unused -> new ArrayList<>())
                        .add(site(site)));
        return groups.entrySet().stream()
                .map(group -> Products.together(group.getKey(), group.getValue()))
                .toList();
    }

    /** The products at {@code site} held against what the machine reaches. */
    public Hotspot hotspot(MatmulSite site) {
        return Hotspot.of(site(site), limits());
    }

    /** Groups held against what the machine reaches, in the order of a pass. */
    public List<Hotspot> hotspots(Grouping grouping) {
        return by(grouping).stream()
                .map(products -> Hotspot.of(products, limits()))
                .toList();
    }

    /** The hotspots, those first that take most time beyond what their ceiling allows; equals in the order of a pass. */
    public List<Hotspot> ranked(Grouping grouping) {
        return hotspots(grouping).stream()
                .sorted(Comparator.comparingDouble(Hotspot::excessSeconds).reversed())
                .toList();
    }

    /** The typical repetition. */
    public Repetition typical() {
        return typical(repetitions);
    }

    /**
     * The repetition whose wall time is nearest to the median, the earlier of two that are equally near. Its parts add up,
     * where medians of parts need not.
     *
     * @param repetitions at least one
     */
    public static Repetition typical(List<Repetition> repetitions) {
        double median = Samples.of(repetitions, Repetition::wallNanoseconds).median();
        return repetitions.stream()
                .min(Comparator.comparingDouble(repetition -> Math.abs(repetition.wallNanoseconds() - median)))
                .orElseThrow();
    }

    private Limits limits() {
        return new Limits(ceilings, limit);
    }

    /** Hotspots by kind that seem faster than anything that was measured of their shape class. */
    public List<Hotspot> aboveCeiling() {
        return hotspots(Grouping.KIND).stream().filter(Hotspot::aboveCeiling).toList();
    }

    /**
     * A line for each kind of product whose rate cannot be.
     *
     * @param one what one repetition is called
     */
    public List<String> measurementErrors(String one) {
        Stream<String> products = aboveCeiling().stream()
                .map(spot -> String.format(
                        Locale.ROOT,
                        "%s ran at %,.1f GFLOP/s, and %s %,.1f: the ceiling was measured too low, or the time too short.",
                        spot.products().name(),
                        spot.products().gflopsPerSecond(),
                        limit == Limit.SHAPE_CLASS
                                ? "the best measured of " + spot.classes() + " products here is"
                                : "in a " + one + " the best measured here allows",
                        spot.bestCeilingGflopsPerSecond()));
        return Stream.concat(ceilings.measurementErrors().stream(), products).toList();
    }

    /** Nanoseconds between products: the sum of the medians of operators, of waiting and of what is unexplained. */
    public double nanosecondsBetween() {
        return Arrays.stream(Operator.values())
                        .mapToDouble(operator -> operator(operator).median())
                        .sum()
                + waiting().median()
                + unexplained().median();
    }

    /** The sum of the medians of all parts, which shares of time are of, so that they add up. */
    private double sumOfMedians() {
        return by(Grouping.KIND).stream()
                        .mapToDouble(products -> products.time().median())
                        .sum()
                + nanosecondsBetween();
    }

    /** The part of the phase's time that {@code products} take, by medians. */
    public double shareOfTime(Products products) {
        return products.time().median() / sumOfMedians();
    }

    /** The part of the phase's time that is in no product, by medians. */
    public double shareOfTimeBetween() {
        return nanosecondsBetween() / sumOfMedians();
    }

    /** The part of the phase's FLOPs that {@code products} have. */
    public double shareOfFlops(Products products) {
        return (double) products.flops() / products().flops();
    }

    /** Time in the operators of {@code layer}. */
    public Samples operatorsOf(int layer) {
        return Samples.of(repetitions, repetition -> repetition.times().operatorsOf(layer));
    }

    /**
     * Breaks the typical repetition down to every product and operator, adding up to the nanosecond.
     *
     * @param name what the whole is called
     */
    public BreakdownNode breakdown(String name) {
        return new Breakdown(counts, typical()).build(name);
    }

    /** As {@link #breakdown}, with all layers joined to one node. */
    public BreakdownNode breakdownOfOneLayer(String name) {
        return new Breakdown(counts, typical()).buildOfOneLayer(name);
    }
}
