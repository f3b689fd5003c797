package dev.flopscope.profile;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.time.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured of one pass, done several times, or of decoding the same tokens several times.
 *
 * @param counts calls by shape at every site in one repetition; the same in each
 * @param repetitions what was measured, in order
 * @param warmUp what was done before
 * @param ceilings what the machine reaches with as many threads as the passes had
 * @param limit what holds the products down
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

    /** A profile of a pass, whose products are held down by the class of their shapes. */
    public Profile(
            SortedMap<MatmulSite, SiteCount> counts, List<Repetition> repetitions, WarmUp warmUp, Ceilings ceilings) {
        this(counts, repetitions, warmUp, ceilings, Limit.SHAPE_CLASS);
    }

    /** Wall time of the pass. */
    public Samples wall() {
        return Samples.of(repetitions, Repetition::wallNanoseconds);
    }

    /** Time in {@code step}. */
    public Samples step(Step step) {
        return Samples.of(repetitions, repetition -> repetition.times().step(step));
    }

    /** Time that threads waited for each other. */
    public Samples waiting() {
        return Samples.of(repetitions, repetition -> repetition.times().waiting());
    }

    /** Time that Java's collectors took, whatever it was that they interrupted. */
    public Samples garbageCollection() {
        return Samples.of(repetitions, Repetition::garbageCollectionNanoseconds);
    }

    /** Wall time that has no name. */
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

    /** The products at {@code site} beside what the machine reaches. */
    public Hotspot hotspot(MatmulSite site) {
        return Hotspot.of(site(site), limits());
    }

    /** Groups beside what the machine reaches, in the order of a pass. */
    public List<Hotspot> hotspots(Grouping grouping) {
        return by(grouping).stream()
                .map(products -> Hotspot.of(products, limits()))
                .toList();
    }

    /** The same, those first that take most time beyond what their ceiling allows; equals in the order of a pass. */
    public List<Hotspot> ranked(Grouping grouping) {
        return hotspots(grouping).stream()
                .sorted(Comparator.comparingDouble(Hotspot::excessSeconds).reversed())
                .toList();
    }

    /** The repetition whose wall time is the median: its parts add up, where medians of parts need not. */
    public Repetition typical() {
        long median = wall().median();
        return repetitions.stream()
                .filter(repetition -> repetition.wallNanoseconds() == median)
                .findFirst()
                .orElseThrow();
    }

    /** Several hotspots as one, {@code name}. */
    public Hotspot together(String name, List<Hotspot> hotspots) {
        return Hotspot.of(
                Products.together(name, hotspots.stream().map(Hotspot::products).toList()), limits());
    }

    private Limits limits() {
        return new Limits(ceilings, limit);
    }

    /** Hotspots by kind that seem faster than anything that was measured of their shape class. */
    public List<Hotspot> aboveCeiling() {
        return hotspots(Grouping.KIND).stream().filter(Hotspot::aboveCeiling).toList();
    }

    /** Part of the pass's time that {@code products} take, by medians. */
    public double shareOfTime(Products products) {
        return (double) products.time().median() / wall().median();
    }

    /** Part of the pass's FLOPs that {@code products} have. */
    public double shareOfFlops(Products products) {
        return (double) products.flops() / products().flops();
    }

    /** Time between the products of {@code layer}. */
    public Samples stepsOf(int layer) {
        return Samples.of(repetitions, repetition -> repetition.times().stepsOf(layer));
    }

    /** The typical repetition from the pass down to every product and step, adding up to the nanosecond. */
    public Branch tree() {
        return new PassTree(counts, typical()).grow();
    }

    /** The same with all layers taken together as one branch. */
    public Branch treeOfOneLayer() {
        List<Branch> layers = tree().parts().stream().filter(Branch::hasParts).toList();
        List<Branch> parts = new ArrayList<>();
        for (Branch part : tree().parts()) {
            if (!part.hasParts()) {
                parts.add(part);
            } else if (part.equals(layers.get(0))) {
                parts.add(Branch.together(layers.size() == 1 ? "1 layer" : layers.size() + " layers", layers));
            }
        }
        return Branch.of(tree().name(), parts);
    }
}
