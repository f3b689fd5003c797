package dev.flopscope.terms;

import dev.flopscope.polynomial.Axis;
import dev.flopscope.polynomial.Fraction;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Sizes that have something in common with the model at hand: numbers, and relations.
 *
 * @param family the models
 * @param fixed letters that have the model's numbers
 * @param heads whether H/K is the model's
 * @param width whether D = H·d
 * @param feedForward whether F/D is the model's
 */
public record RelatedSizes(ModelFamily family, Set<String> fixed, boolean heads, boolean width, boolean feedForward) {
    private static final long SEED = 20_260_301;

    /** Keeps a copy. */
    public RelatedSizes {
        fixed = Set.copyOf(fixed);
    }

    /** The sizes of a scope. */
    static RelatedSizes of(ModelFamily family, Scope scope) {
        return new RelatedSizes(
                family,
                scope.fixed().keySet(),
                scope.has(Relation.Kind.HEADS),
                scope.has(Relation.Kind.WIDTH),
                scope.has(Relation.Kind.FEED_FORWARD));
    }

    /**
     * The sizes that a formula may mean: with all relations of the model at hand, but F/D if the formula names both. What it does
     * not name, and nothing that it names decides, is as in the model.
     *
     * @param named the letters of the formula; N, the number of all parameters, names whatever they depend on
     */
    public static RelatedSizes of(ModelFamily family, Set<String> named) {
        boolean ofHeads = (long) family.extent("H") * family.extent("d") == family.extent("D");
        Set<String> free = new HashSet<>(named);
        if (named.contains("H")) {
            free.add("K");
        }
        boolean headsNamed = named.contains("H") || named.contains("K") || named.contains("d");
        if (ofHeads && !headsNamed && (named.contains("D") || named.contains("F"))) {
            free.addAll(Set.of("K", "d"));
        }
        Set<String> fixed = new HashSet<>();
        family.axes().stream()
                .map(Axis::letter)
                .filter(letter -> !free.contains(letter))
                .filter(letter ->
                        !named.contains("N") || letter.equals("T") || letter.equals("B") || letter.equals("G"))
                .forEach(fixed::add);
        return new RelatedSizes(family, fixed, true, ofHeads, !(named.contains("D") && named.contains("F")));
    }

    /**
     * A small size.
     *
     * @param index another one gives another size
     */
    public Map<String, Integer> at(int index) {
        Random random = new Random(SEED + index);
        Map<String, Integer> point = new LinkedHashMap<>();
        for (Axis axis : family.axes()) {
            List<Integer> values = axis.values();
            point.put(axis.letter(), values.get(random.nextInt(values.size())));
        }
        Map<String, Integer> related = related(point);
        if (!isWhole(related)) {
            // F is a whole number if what D is a multiple of has the divisor of F/D.
            point.merge(width ? "d" : "D", ratio().denominator().intValueExact(), Math::multiplyExact);
            related = related(point);
        }
        return related;
    }

    /** A point with its numbers and ratios as they must be; F is rounded up if there is no whole one. */
    Map<String, Integer> related(Map<String, Integer> point) {
        Map<String, Integer> related = new LinkedHashMap<>(point);
        fixed.stream().filter(related::containsKey).forEach(letter -> related.put(letter, family.extent(letter)));
        if (heads) {
            related.computeIfPresent(
                    ModelFamily.SHARED_HEADS, (unused, any) -> family.extent("H") / family.extent("K"));
        }
        if (width) {
            related.put("D", family.letters(related).getOrDefault("H", 1) * related.getOrDefault("d", 1));
        }
        if (feedForward) {
            Fraction wide = wide(related);
            int below = wide.numerator().divide(wide.denominator()).intValueExact();
            related.put("F", wide.isWhole() ? below : below + 1);
        }
        return related;
    }

    /** Whether the ratio of F to D is as it must be, exactly. */
    boolean isWhole(Map<String, Integer> point) {
        return !feedForward || wide(point).isWhole();
    }

    private Fraction wide(Map<String, Integer> point) {
        return ratio().times(point.getOrDefault("D", 1));
    }

    private Fraction ratio() {
        return Fraction.of(family.extent("F")).over(family.extent("D"));
    }
}
