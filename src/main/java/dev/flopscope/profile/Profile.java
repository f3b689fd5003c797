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
 * What was measured of one pass, done several times.
 *
 * @param counts calls by shape at every site in one pass; the same in each
 * @param repetitions the measured passes, in order
 * @param warmUp the passes before them
 * @param ceilings what the machine reaches with as many threads as the passes had
 */
public record Profile(
        SortedMap<MatmulSite, SiteCount> counts, List<Repetition> repetitions, WarmUp warmUp, Ceilings ceilings) {
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

    /** Groups beside what the machine can do, in the order of a pass. */
    public List<Hotspot> hotspots(Grouping grouping) {
        return by(grouping).stream()
                .map(products -> Hotspot.of(products, ceilings))
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

    /** The typical repetition from the pass down to every product and step, adding up to the nanosecond. */
    public Branch tree() {
        return new PassTree(counts, typical()).grow();
    }
}
