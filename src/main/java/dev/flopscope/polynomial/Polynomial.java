package dev.flopscope.polynomial;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A sum of products of letters, with exact rational coefficients. Powers may be negative where it was divided by a letter.
 *
 * @param terms coefficients by product, none of them 0
 */
public record Polynomial(Map<Monomial, Fraction> terms) {
    /** Far more than any closed form has; a formula that needs more is refused. */
    private static final int MOST_TERMS = 2_000;

    private static final int MOST_DEGREE = 60;

    /** No term. */
    public static final Polynomial ZERO = new Polynomial(Map.of());

    /**
     * Keeps a sorted copy without terms of 0.
     *
     * @throws ArithmeticException if it has more than 2,000 terms, or a term of more than 60 letters
     */
    public Polynomial {
        TreeMap<Monomial, Fraction> sorted = new TreeMap<>();
        terms.forEach((monomial, coefficient) -> {
            if (coefficient.signum() != 0) {
                sorted.put(monomial, NumberArithmetic.bounded(coefficient));
            }
        });
        if (sorted.size() > MOST_TERMS || sorted.keySet().stream().anyMatch(term -> term.length() > MOST_DEGREE)) {
            throw new ArithmeticException("it has too many terms when it is multiplied out");
        }
        terms = Collections.unmodifiableMap(sorted);
    }

    /** A number. */
    public static Polynomial of(Fraction constant) {
        return new Polynomial(Map.of(Monomial.ONE, constant));
    }

    /** A letter. */
    public static Polynomial letter(String letter) {
        return of(Monomial.of(letter), Fraction.ONE);
    }

    /** One term. */
    public static Polynomial of(Monomial monomial, Fraction coefficient) {
        return new Polynomial(Map.of(monomial, coefficient));
    }

    /** The coefficient of {@code monomial}, 0 if it has no such term. */
    public Fraction coefficient(Monomial monomial) {
        return terms.getOrDefault(monomial, Fraction.ZERO);
    }

    /** Its value if it has no letters. */
    public Optional<Fraction> constant() {
        return terms.isEmpty()
                ? Optional.of(Fraction.ZERO)
                : terms.size() == 1 ? Optional.ofNullable(terms.get(Monomial.ONE)) : Optional.empty();
    }

    /** Whether it is 0 whatever its letters stand for. */
    public boolean isZero() {
        return terms.isEmpty();
    }

    /** Whether a term is divided by a letter. */
    public boolean isQuotient() {
        return terms.keySet().stream()
                .anyMatch(monomial -> monomial.powers().values().stream().anyMatch(power -> power < 0));
    }

    /** The letters that occur in it. */
    public Set<String> letters() {
        Set<String> letters = new TreeSet<>();
        terms.keySet().forEach(monomial -> letters.addAll(monomial.powers().keySet()));
        return letters;
    }

    /** The sum. */
    public Polynomial plus(Polynomial other) {
        TreeMap<Monomial, Fraction> sum = new TreeMap<>(terms);
        other.terms.forEach((monomial, coefficient) -> sum.merge(monomial, coefficient, Fraction::plus));
        return new Polynomial(sum);
    }

    /** The difference. */
    public Polynomial minus(Polynomial other) {
        return plus(other.negated());
    }

    /** The same with the other sign. */
    public Polynomial negated() {
        return times(Fraction.ONE.negated());
    }

    /** The product with a number. */
    public Polynomial times(Fraction factor) {
        TreeMap<Monomial, Fraction> product = new TreeMap<>();
        terms.forEach((monomial, coefficient) -> product.put(monomial, coefficient.times(factor)));
        return new Polynomial(product);
    }

    /**
     * The product, multiplied out.
     *
     * @throws ArithmeticException if it has too many terms
     */
    public Polynomial times(Polynomial other) {
        if ((long) terms.size() * other.terms.size() > (long) MOST_TERMS * MOST_DEGREE) {
            throw new ArithmeticException("it has too many terms when it is multiplied out");
        }
        TreeMap<Monomial, Fraction> product = new TreeMap<>();
        terms.forEach((left, a) ->
                other.terms.forEach((right, b) -> product.merge(left.times(right), a.times(b), Fraction::plus)));
        return new Polynomial(product);
    }

    /**
     * One over it.
     *
     * @throws ArithmeticException if it has not just one term
     */
    public Polynomial inverse() {
        if (terms.isEmpty()) {
            throw new ArithmeticException("division by zero");
        }
        if (terms.size() > 1) {
            throw new ArithmeticException("a quotient by a sum of terms is not a polynomial");
        }
        Map.Entry<Monomial, Fraction> term = terms.entrySet().iterator().next();
        return of(Monomial.ONE.over(term.getKey()), Fraction.ONE.over(term.getValue()));
    }

    /**
     * A power, multiplied out.
     *
     * @param exponent negative only if this has just one term
     * @throws ArithmeticException if it has too many terms
     */
    public Polynomial power(BigInteger exponent) {
        if (exponent.signum() < 0) {
            return inverse().power(exponent.negate());
        }
        if (exponent.compareTo(BigInteger.valueOf(MOST_DEGREE)) > 0) {
            throw new ArithmeticException("it has too many terms when it is multiplied out");
        }
        Polynomial power = of(Fraction.ONE);
        for (int times = 0; times < exponent.intValue(); times++) {
            power = power.times(this);
        }
        return power;
    }

    /**
     * With {@code replacement} in the place of a letter.
     *
     * @throws ArithmeticException if it has too many terms, or divides by the letter and the replacement has several terms
     */
    public Polynomial with(String letter, Polynomial replacement) {
        Polynomial sum = ZERO;
        for (Map.Entry<Monomial, Fraction> term : terms.entrySet()) {
            int power = term.getKey().power(letter);
            sum = sum.plus(of(term.getKey().without(letter), term.getValue())
                    .times(replacement.power(BigInteger.valueOf(power))));
        }
        return sum;
    }

    /**
     * Its value.
     *
     * @param letters what its letters stand for
     * @throws ArithmeticException if a letter has no value
     */
    public Fraction value(Map<String, Fraction> letters) {
        Fraction sum = Fraction.ZERO;
        for (Map.Entry<Monomial, Fraction> term : terms.entrySet()) {
            sum = sum.plus(term.getKey().value(letters).times(term.getValue()));
        }
        return sum;
    }

    /** As papers write it: {@code 2·B·T²·d + 4·D}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        terms.forEach((monomial, coefficient) -> {
            boolean negative = coefficient.signum() < 0;
            text.append(text.isEmpty() ? (negative ? "−" : "") : negative ? " − " : " + ");
            text.append(term(monomial, negative ? coefficient.negated() : coefficient));
        });
        return text.isEmpty() ? "0" : text.toString();
    }

    /**
     * With what all terms have in common before the rest: {@code 2·B·T·(d − e)} for {@code 2·B·T·d − 2·B·T·e}.
     */
    public String factored() {
        if (terms.size() < 2) {
            return toString();
        }
        Monomial common = terms.keySet().stream().reduce(Monomial::common).orElse(Monomial.ONE);
        BigInteger numerator = BigInteger.ZERO;
        BigInteger denominator = BigInteger.ONE;
        for (Fraction coefficient : terms.values()) {
            numerator = numerator.gcd(coefficient.numerator());
            denominator =
                    denominator.multiply(coefficient.denominator()).divide(denominator.gcd(coefficient.denominator()));
        }
        Fraction number = new Fraction(numerator, denominator);
        TreeMap<Monomial, Fraction> rest = new TreeMap<>();
        terms.forEach((monomial, coefficient) -> rest.put(monomial.over(common), coefficient.over(number)));
        boolean nothingInCommon = common.equals(Monomial.ONE) && number.equals(Fraction.ONE);
        return nothingInCommon ? toString() : term(common, number) + "·(" + new Polynomial(rest) + ")";
    }

    private static String term(Monomial monomial, Fraction coefficient) {
        String number = coefficient.numerator() + (coefficient.isWhole() ? "" : "/" + coefficient.denominator());
        return monomial.equals(Monomial.ONE)
                ? number
                : coefficient.equals(Fraction.ONE) ? monomial.toString() : number + "·" + monomial;
    }
}
