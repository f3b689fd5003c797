package dev.flopscope.polynomial;

/**
 * What the operations of a formula do: to numbers, or to polynomials.
 *
 * @param <V> what a part of a formula stands for
 */
interface Arithmetic<V> {
    /** A number that stands in the formula. */
    V number(Fraction number);

    /**
     * A letter.
     *
     * @throws ArithmeticException if it has no value
     */
    V letter(String letter);

    /** The sum. */
    V plus(V left, V right);

    /** The same with the other sign. */
    V negated(V value);

    /** The product. */
    V times(V left, V right);

    /**
     * The quotient.
     *
     * @throws ArithmeticException if there is none
     */
    V over(V left, V right);

    /**
     * A power.
     *
     * @throws ArithmeticException if there is none, or it is too long
     */
    V power(V base, V exponent);
}
