package dev.flopscope.polynomial;

import java.util.Map;

/** Arithmetic on polynomials: divided only by numbers, raised only to whole powers that are not negative. */
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
        Fraction divisor = right.constant()
                .orElseThrow(() -> new ArithmeticException("a quotient of letters is not a polynomial"));
        return left.times(Fraction.ONE.over(divisor));
    }

    @Override
    public Polynomial power(Polynomial base, Polynomial exponent) {
        Fraction times = exponent.constant()
                .orElseThrow(() -> new ArithmeticException("a power of a letter is not a polynomial"));
        if (base.constant().isPresent()) {
            return Polynomial.of(
                    new NumberArithmetic(Map.of()).power(base.constant().get(), times));
        }
        if (!times.isWhole() || times.signum() < 0) {
            throw new ArithmeticException("only whole powers from 0 on make a polynomial");
        }
        return base.power(times.numerator());
    }
}
