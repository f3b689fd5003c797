package dev.flopscope.terms;

import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Monomial;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One term by which a polynomial was multiplied to give another.
 *
 * @param monomial its letters
 * @param coefficient its number
 */
record Quotient(Monomial monomial, Fraction coefficient) {
    private static final int ODD = 10;

    private static final Map<Fraction, String> OFTEN =
            Map.of(Fraction.of(2), "counted twice", Fraction.ONE.over(2), "halved");

    /** {@code claimed} over {@code actual}, if it is one term. */
    static Optional<Quotient> of(Polynomial claimed, Polynomial actual) {
        if (actual.isZero() || claimed.terms().size() != actual.terms().size()) {
            return Optional.empty();
        }
        Map.Entry<Monomial, Fraction> first =
                actual.terms().entrySet().iterator().next();
        // Multiplied by one letter, terms need not keep their order: each of the claimed ones may be the first.
        return claimed.terms().entrySet().stream()
                .map(term -> new Quotient(
                        term.getKey().over(first.getKey()), term.getValue().over(first.getValue())))
                .filter(quotient -> actual.times(quotient.polynomial()).equals(claimed))
                .findFirst();
    }

    private Polynomial polynomial() {
        return Polynomial.of(monomial, coefficient);
    }

    boolean isNumber() {
        return monomial.equals(Monomial.ONE);
    }

    /** How hard it is to believe that somebody multiplied by this: 0 for a factor or a letter, more for a number that nobody has. */
    int oddity() {
        boolean simple = coefficient.numerator().bitLength() <= 3
                && coefficient.denominator().bitLength() <= 3;
        int ofNumber = coefficient.equals(Fraction.ONE) || coefficient.equals(Fraction.of(2)) ? 0 : simple ? 2 : ODD;
        int letters =
                exchange(monomial.powers()).isPresent() ? 1 : monomial.powers().size();
        boolean both = !isNumber() && !coefficient.equals(Fraction.ONE);
        return ofNumber + (both ? ODD : 0) + (letters > 1 ? letters * ODD : 0);
    }

    /**
     * What is said of something that is multiplied by this by mistake, after what it is: {@code is counted twice},
     * {@code lacks the factor L}, {@code has F where D belongs}.
     *
     * @param several whether what it is said of is a plural
     */
    String words(boolean several) {
        List<String> words = new ArrayList<>();
        if (!coefficient.equals(Fraction.ONE)) {
            words.add((several ? "are " : "is ")
                    + Optional.ofNullable(OFTEN.get(coefficient))
                            .orElse("counted " + Polynomial.of(coefficient) + " times"));
        }
        String has = several ? "have " : "has ";
        Optional<String> exchange = exchange(monomial.powers());
        if (exchange.isPresent()) {
            words.add(has + exchange.get());
        } else {
            monomial.powers().forEach((letter, power) -> {
                String factor = new Monomial(Map.of(letter, Math.abs(power))).toString();
                words.add(
                        power > 0
                                ? has + "a factor " + factor + " too many"
                                : (several ? "lack" : "lacks") + " the factor " + factor);
            });
        }
        return String.join(" and ", words);
    }

    /** {@code F where D belongs}, if powers differ by one letter for another and in nothing else. */
    static Optional<String> exchange(Map<String, Integer> powers) {
        Optional<String> in = letterOf(powers, 1);
        Optional<String> out = letterOf(powers, -1);
        return powers.size() == 2 && in.isPresent() && out.isPresent()
                ? Optional.of(in.get() + " where " + out.get() + " belongs")
                : Optional.empty();
    }

    private static Optional<String> letterOf(Map<String, Integer> powers, int power) {
        return powers.entrySet().stream()
                .filter(entry -> entry.getValue() == power)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
