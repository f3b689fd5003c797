package dev.flopscope.polynomial;

import java.math.BigInteger;
import java.util.Map;

/**
 * Arithmetic on rational numbers of a bounded length.
 *
 * @param letters what the letters stand for
 */
record NumberArithmetic(Map<String, Fraction> letters) implements Arithmetic<Fraction> {
    /** 1,000 decimal digits and a few; no count comes near them. */
    private static final int MOST_BITS = 3_330;

    @Override
    public Fraction number(Fraction number) {
        return bounded(number);
    }

    @Override
    public Fraction letter(String letter) {
        Fraction value = letters.get(letter);
        if (value == null) {
            throw new ArithmeticException(letter + " has no single value in this model");
        }
        return value;
    }

    @Override
    public Fraction plus(Fraction left, Fraction right) {
        return bounded(left.plus(right));
    }

    @Override
    public Fraction negated(Fraction value) {
        return value.negated();
    }

    @Override
    public Fraction times(Fraction left, Fraction right) {
        return bounded(left.times(right));
    }

    @Override
    public Fraction over(Fraction left, Fraction right) {
        return bounded(left.over(right));
    }

    @Override
    public Fraction power(Fraction base, Fraction exponent) {
        if (!exponent.isWhole()) {
            throw new ArithmeticException("an exponent must be a whole number");
        }
        BigInteger least = exponent.numerator().abs().multiply(BigInteger.valueOf(base.bits() - 1L));
        if (least.compareTo(BigInteger.valueOf(MOST_BITS)) > 0) {
            throw tooLong();
        }
        // What is left with a large exponent is 0, 1 or -1, whose powers depend on sign and parity alone.
        boolean large = exponent.numerator().bitLength() >= Integer.SIZE - 1;
        int whole = large
                ? exponent.signum() * (exponent.numerator().testBit(0) ? 1 : 2)
                : exponent.numerator().intValue();
        return bounded(base.power(whole));
    }

    /** The value, unless it is too long to go on with. */
    static Fraction bounded(Fraction value) {
        if (value.bits() > MOST_BITS) {
            throw tooLong();
        }
        return value;
    }

    private static ArithmeticException tooLong() {
        return new ArithmeticException("a number in it has more than 1,000 digits");
    }
}
