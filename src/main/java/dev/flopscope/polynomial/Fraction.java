package dev.flopscope.polynomial;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A rational number, exact in every operation.
 *
 * @param numerator carries the sign
 * @param denominator positive, without a common divisor with the numerator
 */
public record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
    /** 0. */
    public static final Fraction ZERO = of(0);

    /** 1. */
    public static final Fraction ONE = of(1);

    /** Far more digits than any claim has; only for numbers whose digits never end. */
    private static final MathContext DIGITS = new MathContext(60);

    private static final BigInteger FIVE = BigInteger.valueOf(5);

    /**
     * Brings the fraction to its lowest terms.
     *
     * @throws ArithmeticException if the denominator is 0
     */
    public Fraction {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("division by zero");
        }
        BigInteger divisor = numerator.gcd(denominator);
        divisor = denominator.signum() < 0 ? divisor.negate() : divisor;
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
    }

    /** A whole number. */
    public static Fraction of(long value) {
        return new Fraction(BigInteger.valueOf(value), BigInteger.ONE);
    }

    /** A decimal, exactly. */
    public static Fraction of(BigDecimal value) {
        return value.scale() > 0
                ? new Fraction(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
                : new Fraction(value.toBigIntegerExact(), BigInteger.ONE);
    }

    /** The sum. */
    public Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /** The difference. */
    public Fraction minus(Fraction other) {
        return plus(other.negated());
    }

    /** The same with the other sign. */
    public Fraction negated() {
        return new Fraction(numerator.negate(), denominator);
    }

    /** The product. */
    public Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** The product. */
    public Fraction times(long factor) {
        return times(of(factor));
    }

    /**
     * Divides.
     *
     * @throws ArithmeticException if {@code other} is 0
     */
    public Fraction over(Fraction other) {
        return new Fraction(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    /**
     * Divides.
     *
     * @throws ArithmeticException if {@code divisor} is 0
     */
    public Fraction over(long divisor) {
        return over(of(divisor));
    }

    /**
     * Raises to a whole power.
     *
     * @throws ArithmeticException if this is 0 and the exponent is negative
     */
    public Fraction power(int exponent) {
        return exponent < 0
                ? ONE.over(this).power(-exponent)
                : new Fraction(numerator.pow(exponent), denominator.pow(exponent));
    }

    /** −1, 0 or 1. */
    public int signum() {
        return numerator.signum();
    }

    /** Whether it is a whole number. */
    public boolean isWhole() {
        return denominator.equals(BigInteger.ONE);
    }

    /** Bits of the longer of numerator and denominator. */
    public int bits() {
        return Math.max(numerator.bitLength(), denominator.bitLength());
    }

    /** As a decimal: exact if its digits end, else in 60 digits. */
    public BigDecimal decimal() {
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
