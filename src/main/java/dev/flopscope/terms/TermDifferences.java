package dev.flopscope.terms;

import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Monomial;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The explanation that there always is: term by term, which is missing, which is too many, which has another coefficient, and
 * which has another degree in a letter.
 */
final class TermDifferences {
    /** More would not be read. */
    private static final int MOST_SENTENCES = 4;

    /** Powers in which two terms may differ and still be taken for one that was written wrongly. */
    private static final int MOST_DISTANCE = 3;

    private final Polynomial claimed;
    private final Polynomial actual;
    private final Map<String, Polynomial> parts;
    private final Map<Monomial, Fraction> left = new LinkedHashMap<>();

    TermDifferences(Polynomial claimed, Polynomial actual, Map<String, Polynomial> parts) {
        this.claimed = claimed;
        this.actual = actual;
        this.parts = parts;
        left.putAll(claimed.minus(actual).terms());
    }

    /** The difference, term by term. */
    Difference all() {
        List<String> sentences = new ArrayList<>();
        for (Monomial lacking : List.copyOf(left.keySet())) {
            Fraction lack = left.get(lacking);
            if (lack != null && lack.signum() < 0) {
                counterpart(lacking, lack).ifPresent(found -> {
                    sentences.add(misplaced(lacking, lack, found));
                    left.remove(lacking);
                    left.remove(found);
                });
            }
        }
        left.forEach((monomial, surplus) -> sentences.add(alone(monomial)));
        int cost = Difference.OF_TERMS + sentences.size() * Difference.TERM;
        if (sentences.size() > MOST_SENTENCES) {
            List<String> first = new ArrayList<>(sentences.subList(0, MOST_SENTENCES));
            first.add(sentences.size() - MOST_SENTENCES + " terms more differ");
            return new Difference(cost, first);
        }
        return new Difference(cost, sentences);
    }

    /** The term that was written in the place of one that is lacking: as much of it, or each of them whole; the nearest. */
    private Optional<Monomial> counterpart(Monomial lacking, Fraction lack) {
        return left.entrySet().stream()
                .filter(term -> term.getValue().signum() > 0)
                .filter(term -> isNear(lacking, term.getKey()))
                .filter(term -> term.getValue().equals(lack.negated())
                        || (claimed.coefficient(lacking).signum() == 0
                                && actual.coefficient(term.getKey()).signum() == 0))
                .min(Comparator.comparing((Map.Entry<Monomial, Fraction> term) ->
                                !term.getValue().equals(lack.negated()))
                        .thenComparingInt(term -> distance(lacking, term.getKey())))
                .map(Map.Entry::getKey);
    }

    /** One letter of another degree, or another letter in its place. */
    private static boolean isNear(Monomial one, Monomial other) {
        return distance(one, other) <= MOST_DISTANCE && one.over(other).powers().size() <= 2;
    }

    private static int distance(Monomial one, Monomial other) {
        return one.over(other).powers().values().stream().mapToInt(Math::abs).sum();
    }

    private String misplaced(Monomial right, Fraction lack, Monomial wrong) {
        Polynomial should = Polynomial.of(right, lack.negated());
        Polynomial is = Polynomial.of(wrong, left.getOrDefault(wrong, Fraction.ONE));
        List<String> degrees = new ArrayList<>();
        Map<String, Integer> changes = wrong.over(right).powers();
        changes.keySet()
                .forEach(letter -> degrees.add(
                        letter + " has degree " + wrong.power(letter) + " where " + right.power(letter) + " belongs"));
        return is + " stands where " + should + " belongs" + source(right) + ": "
                + Quotient.exchange(changes)
                        .map(exchange -> "it has " + exchange)
                        .orElse(PartGroups.joined(degrees));
    }

    private String alone(Monomial monomial) {
        Fraction is = claimed.coefficient(monomial);
        Fraction should = actual.coefficient(monomial);
        if (is.signum() == 0) {
            return Polynomial.of(monomial, should) + " is missing" + source(monomial);
        }
        if (should.signum() == 0) {
            return Polynomial.of(monomial, is) + " does not belong";
        }
        return Polynomial.of(monomial, is) + " stands where " + Polynomial.of(monomial, should) + " belongs"
                + source(monomial) + ": a factor of " + Polynomial.of(is.over(should));
    }

    /** Which parts have a term. */
    private String source(Monomial monomial) {
        List<String> names = parts.entrySet().stream()
                .filter(part -> part.getValue().coefficient(monomial).signum() != 0)
                .map(Map.Entry::getKey)
                .toList();
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }
}
