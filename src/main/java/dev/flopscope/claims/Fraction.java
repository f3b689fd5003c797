package dev.flopscope.claims;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A rational number, exact in every operation.
 *
 * @param numerator carries the sign
 * @param denominator positive, without a common divisor with the numerator
 */
record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
    static final Fraction ZERO = of(0);
    static final Fraction ONE = of(1);

    /** Far more digits than any claim has; only for numbers whose digits never end. */
    private static final MathContext DIGITS = new MathContext(60);

    private static final BigInteger FIVE = BigInteger.valueOf(5);

    /**
     * Brings the fraction to its lowest terms.
     *
     * @throws ArithmeticException if the denominator is 0
     */
    Fraction {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("division by zero");
        }
        BigInteger divisor = numerator.gcd(denominator);
        divisor = denominator.signum() < 0 ? divisor.negate() : divisor;
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
    }

    static Fraction of(long value) {
        return new Fraction(BigInteger.valueOf(value), BigInteger.ONE);
    }

    static Fraction of(BigDecimal value) {
        return value.scale() > 0
                ? new Fraction(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
                : new Fraction(value.toBigIntegerExact(), BigInteger.ONE);
    }

    Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Fraction minus(Fraction other) {
        return plus(other.negated());
    }

    Fraction negated() {
        return new Fraction(numerator.negate(), denominator);
    }

    Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Fraction times(long factor) {
        return times(of(factor));
    }

    /**
     * Divides.
     *
     * @throws ArithmeticException if {@code other} is 0
     */
    Fraction over(Fraction other) {
        return new Fraction(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    Fraction over(long divisor) {
        return over(of(divisor));
    }

    /**
     * Raises to a whole power.
     *
     * @throws ArithmeticException if this is 0 and the exponent is negative
     */
    Fraction power(int exponent) {
        return exponent < 0
                ? ONE.over(this).power(-exponent)
                : new Fraction(numerator.pow(exponent), denominator.pow(exponent));
    }

    int signum() {
        return numerator.signum();
    }

    boolean isWhole() {
        return denominator.equals(BigInteger.ONE);
    }

    /** Bits of the longer of numerator and denominator. */
    int bits() {
        return Math.max(numerator.bitLength(), denominator.bitLength());
    }

    /** As a decimal: exact if its digits end, else in 60 digits. */
    BigDecimal decimal() {
        BigInteger rest = denominator.shiftRight(denominator.getLowestSetBit());
        while (rest.mod(FIVE).signum() == 0) {
            rest = rest.divide(FIVE);
        }
        BigDecimal dividend = new BigDecimal(numerator);
        BigDecimal divisor = new BigDecimal(denominator);
        return rest.equals(BigInteger.ONE) ? dividend.divide(divisor) : dividend.divide(divisor, DIGITS);
    }

    @Override
    public int compareTo(Fraction other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }
}
