package dev.flopscope.terms;

import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A claimed polynomial beside the true one.
 *
 * @param claimed the claimed one, over all sizes
 * @param actual the true one, over all sizes
 * @param equalAt the widest scope in which they are the same; none if there is none
 * @param comparedAt where they are the same if they are on purpose; else where their differences are told
 * @param differences the nearest explanations of what tells them apart, mostly one; none if they are the same on purpose
 * @param nearness how much there was to say: small if the differences are few
 */
public record Comparison(
        Polynomial claimed,
        Polynomial actual,
        Optional<Scope> equalAt,
        Scope comparedAt,
        List<String> differences,
        int nearness) {
    /** Up to here a difference is two parts or two terms, and tells what was done. */
    private static final int NEAR = 48;

    /** What a relation costs that an explanation leans on. */
    private static final int RELATION = 3;

    /** What it costs to have a number for a letter. */
    private static final int NUMBER = 10;

    /** What it costs if terms are quotients, as K/H: a relation more would do away with them. */
    private static final int QUOTIENT = 4;

    private static final int MOST_NAMED = 3;

    /** Keeps a copy of the list. */
    public Comparison {
        differences = List.copyOf(differences);
    }

    /**
     * Compares.
     *
     * @param claimed what is claimed, in the letters of polynomials
     * @param form what is true
     * @param size the letters of the model at hand
     * @throws ArithmeticException if a formula divides by a letter that stands for a sum
     */
    public static Comparison of(Polynomial claimed, QuantityForm form, Map<String, Fraction> size) {
        Set<String> named = claimed.letters();
        boolean oneSequence = !named.contains("B") && Fraction.ONE.equals(size.get("B"));
        Scope batch = oneSequence ? Scope.ALL.fixing(Set.of("B"), size) : Scope.ALL;
        QuantityForm ofBatch = form.at(batch);
        List<Scope> scopes = Scope.of(Relation.of(size, named));
        Optional<Scope> equal = scopes.stream()
                .map(scope -> scope.fixing(unnamed(scope, claimed, ofBatch), size))
                .filter(scope -> scope.at(claimed).equals(scope.at(ofBatch.total())))
                .min(Comparator.comparing((Scope scope) -> !scope.isDeliberate())
                        .thenComparingInt(Scope::conditions));
        if (equal.filter(Scope::isDeliberate).isPresent()) {
            return new Comparison(claimed, ofBatch.total(), equal, equal.get(), List.of(), 0);
        }
        return told(
                claimed, ofBatch, scopes.stream().filter(Scope::isDeliberate).toList(), size, equal);
    }

    private static Comparison told(
            Polynomial claimed,
            QuantityForm form,
            List<Scope> scopes,
            Map<String, Fraction> size,
            Optional<Scope> equal) {
        List<Told> all = new ArrayList<>();
        for (Scope scope : scopes) {
            Scope numbers = scope.fixing(unnamed(scope, claimed, form), size);
            for (Scope one : numbers.equals(scope) ? List.of(scope) : List.of(scope, numbers)) {
                QuantityForm there = form.at(one);
                differences(one.at(claimed), there)
                        .forEach(difference ->
                                all.add(new Told(one, difference, there.total().isQuotient())));
            }
        }
        Told best = all.stream()
                .min(Comparator.comparingInt(Told::cost)
                        .thenComparing(told -> told.scope().conditions()))
                .orElseThrow();
        List<String> nearest = all.stream()
                .filter(told -> told.cost() == best.cost()
                        || (told.difference().cost() == best.difference().cost()
                                && told.scope().equals(best.scope())))
                .map(Told::words)
                .distinct()
                .limit(MOST_NAMED)
                .toList();
        return new Comparison(claimed, form.total(), equal, best.scope(), nearest, best.cost());
    }

    /** One explanation and where it is told. */
    private record Told(Scope scope, Difference difference, boolean quotients) {
        int cost() {
            return difference.cost()
                    + RELATION * scope.relations().size()
                    + NUMBER * scope.fixed().size()
                    + (quotients ? QUOTIENT : 0);
        }

        String words() {
            String where = scope.words();
            return String.join("; ", difference.sentences()) + (where.isEmpty() ? "" : " (where " + where + ")");
        }
    }

    /** Letters of the true polynomial that the claimed one does not have. */
    private static Set<String> unnamed(Scope scope, Polynomial claimed, QuantityForm form) {
        Set<String> letters = new HashSet<>(scope.at(form.total()).letters());
        letters.removeAll(scope.at(claimed).letters());
        return letters;
    }

    private static List<Difference> differences(Polynomial claimed, QuantityForm form) {
        Polynomial actual = form.total();
        List<Difference> all = new ArrayList<>();
        if (claimed.isZero() || actual.isZero()) {
            all.add(Difference.of(
                    Difference.EVERYWHERE,
                    claimed.isZero() ? "all of " + actual + " is missing" : claimed + " does not belong"));
        }
        Quotient.of(claimed, actual)
                .map(quotient -> Difference.of(
                        Difference.EVERYWHERE + Difference.ODDER * quotient.oddity(),
                        (actual.terms().size() == 1 ? "it " : "every term ") + quotient.words(false) + ": " + claimed
                                + " where " + actual + " belongs"))
                .ifPresent(all::add);
        Letters.exchanged(claimed, actual, claimed.letters())
                .map(words -> Difference.of(
                        Difference.EVERYWHERE + 2, words + ": " + claimed + " where " + actual + " belongs"))
                .ifPresent(all::add);
        all.addAll(new PartDifferences(claimed, actual, form.parts()).all());
        all.add(new TermDifferences(claimed, actual, form.parts()).all());
        return all;
    }

    /** Whether the claimed polynomial is the true one at all sizes, or at all those of a scope that a formula may lean on. */
    public boolean holds() {
        return equalAt.filter(Scope::isDeliberate).isPresent();
    }

    /** Whether there are so few differences that they tell what was done. */
    public boolean isNear() {
        return nearness <= NEAR;
    }

    /** The differences as one statement. */
    public String words() {
        return String.join(", or ", differences);
    }
}
