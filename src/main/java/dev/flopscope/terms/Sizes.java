package dev.flopscope.terms;

import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.polynomial.Axis;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Monomial;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/** Finds sizes of a family at which something can be seen. */
public final class Sizes {
    /** What starts at 1 however its axis does: a size is asked for that is as small as can be. */
    private static final Set<String> FROM_ONE =
            Set.of("B", "T", "G", "L", "D", "K", ModelFamily.SHARED_HEADS, "F", "F_s", "V", "E", "k");

    private static final int MOST_TRIED = 20_000;
    private static final int DRAWS = 400;

    private final ModelFamily family;
    private final Scope scope;
    private final RelatedSizes related;

    /** Searches in {@code family} among the sizes of {@code scope}. */
    public Sizes(ModelFamily family, Scope scope) {
        this.family = family;
        this.scope = scope;
        this.related = RelatedSizes.of(family, scope);
    }

    /**
     * The size of the fewest FLOPs at which two polynomials differ.
     *
     * @return a point of the family; none if they are the same, or the same at all small sizes
     */
    public Optional<Map<String, Integer>> smallestWhereTheyDiffer(Polynomial one, Polynomial other) {
        Polynomial difference = one.minus(other);
        if (scope.at(difference).isZero()) {
            return Optional.empty();
        }
        record Tried(Map<String, Integer> point, long flops) {}
        PriorityQueue<Tried> next = new PriorityQueue<>(Comparator.comparingLong(Tried::flops));
        Set<Map<String, Integer>> seen = new HashSet<>();
        Map<String, Integer> smallest = related.related(smallest());
        seen.add(smallest);
        next.add(new Tried(smallest, flops(smallest)));
        List<Axis> axes = varied(difference);
        while (!next.isEmpty() && seen.size() < MOST_TRIED) {
            Map<String, Integer> point = next.remove().point();
            if (related.isWhole(point) && difference.value(family.size(point)).signum() != 0) {
                return Optional.of(point);
            }
            for (Axis axis : axes) {
                Map<String, Integer> larger = new LinkedHashMap<>(point);
                larger.merge(axis.letter(), axis.values().get(1) - axis.values().get(0), Integer::sum);
                Map<String, Integer> there = related.related(larger);
                if (isPossible(there) && seen.add(there)) {
                    next.add(new Tried(there, flops(there)));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * A small size at which no two terms of some polynomials have the same value but for their coefficients, so that no one can
     * be taken for another.
     *
     * @return a point of the family, the one of the fewest FLOPs of many that were drawn
     */
    public Optional<Map<String, Integer>> smallWhereTermsDiffer(Polynomial... polynomials) {
        Set<Monomial> terms = new LinkedHashSet<>();
        Stream.of(polynomials)
                .forEach(polynomial -> terms.addAll(scope.at(polynomial).terms().keySet()));
        List<Map<String, Integer>> found = new ArrayList<>();
        for (int draw = 0; draw < DRAWS; draw++) {
            Map<String, Integer> point = related.at(draw);
            if (!isNamed("B", polynomials)) {
                point.put("B", 1);
            }
            Map<String, Fraction> size = family.size(point);
            long values = terms.stream()
                    .map(term -> Polynomial.of(term, Fraction.ONE).value(size))
                    .distinct()
                    .count();
            if (values == terms.size()) {
                found.add(point);
            }
        }
        return found.stream().min(Comparator.comparingLong(this::flops));
    }

    private static boolean isNamed(String letter, Polynomial... polynomials) {
        return Stream.of(polynomials)
                .anyMatch(polynomial -> polynomial.letters().contains(letter));
    }

    private Map<String, Integer> smallest() {
        Map<String, Integer> point = new LinkedHashMap<>();
        family.axes()
                .forEach(axis -> point.put(
                        axis.letter(),
                        FROM_ONE.contains(axis.letter()) ? 1 : axis.values().get(0)));
        return point;
    }

    /** More of a letter that the difference has not only makes the pass larger. */
    private List<Axis> varied(Polynomial difference) {
        Set<String> letters = new HashSet<>(difference.letters());
        if (letters.contains("H")) {
            letters.addAll(List.of("K", ModelFamily.SHARED_HEADS));
        }
        letters.addAll(related.width() ? List.of("K", "d") : related.feedForward() ? List.of("D") : List.of());
        if (letters.contains("k")) {
            letters.add("E");
        }
        return family.axes().stream()
                .filter(axis -> letters.contains(axis.letter()))
                .toList();
    }

    private static boolean isPossible(Map<String, Integer> point) {
        return point.getOrDefault("k", 1) <= point.getOrDefault("E", Integer.MAX_VALUE);
    }

    private long flops(Map<String, Integer> point) {
        Account account = family.account(point);
        return account.phases().stream().mapToLong(PhaseAccount::flops).sum();
    }
}
