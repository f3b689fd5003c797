package dev.flopscope.polynomial;

import java.util.Map;

/**
 * Arithmetic on polynomials: divided only by one term, which may leave negative powers of letters, as in D/H; raised only to
 * whole powers.
 */
final class PolynomialArithmetic implements Arithmetic<Polynomial> {
    @Override
    public Polynomial number(Fraction number) {
        return Polynomial.of(NumberArithmetic.bounded(number));
    }

    @Override
    public Polynomial letter(String letter) {
        return Polynomial.letter(letter);
    }

    @Override
    public Polynomial plus(Polynomial left, Polynomial right) {
        return left.plus(right);
    }

    @Override
    public Polynomial negated(Polynomial value) {
        return value.negated();
    }

    @Override
    public Polynomial times(Polynomial left, Polynomial right) {
        return left.times(right);
    }

    @Override
    public Polynomial over(Polynomial left, Polynomial right) {
        return left.times(right.inverse());
    }

    @Override
    public Polynomial power(Polynomial base, Polynomial exponent) {
        Fraction times = exponent.constant()
                .orElseThrow(() -> new ArithmeticException("a power of a letter is not a polynomial"));
        if (base.constant().isPresent()) {
            return Polynomial.of(
                    new NumberArithmetic(Map.of()).power(base.constant().get(), times));
        }
        if (!times.isWhole()) {
            throw new ArithmeticException("only whole powers make a polynomial");
        }
        return base.power(times.numerator());
    }
}
