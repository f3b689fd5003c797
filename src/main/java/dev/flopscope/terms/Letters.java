package dev.flopscope.terms;

import dev.flopscope.polynomial.Polynomial;
import java.util.Optional;
import java.util.Set;

/** Finds letters that stand for one another. */
final class Letters {
    /** A name that no letter has. */
    private static final String ASIDE = "\u0000";

    private Letters() {}

    /**
     * Which letter of {@code actual} has become another one, or which two have changed places, to give {@code claimed}.
     *
     * @param candidates letters that may have come in
     * @return in words; none if neither explains it
     */
    static Optional<String> exchanged(Polynomial claimed, Polynomial actual, Set<String> candidates) {
        for (String right : actual.letters()) {
            for (String wrong : candidates) {
                if (wrong.equals(right)) {
                    continue;
                }
                if (replaced(actual, right, wrong).equals(claimed)) {
                    return Optional.of(wrong + " stands where " + right + " belongs");
                }
                if (right.compareTo(wrong) < 0 && swapped(actual, right, wrong).equals(claimed)) {
                    return Optional.of(right + " and " + wrong + " have changed places");
                }
            }
        }
        return Optional.empty();
    }

    private static Polynomial replaced(Polynomial polynomial, String letter, String by) {
        return polynomial.with(letter, Polynomial.letter(by));
    }

    private static Polynomial swapped(Polynomial polynomial, String one, String other) {
        return replaced(replaced(replaced(polynomial, one, ASIDE), other, one), ASIDE, other);
    }
}
