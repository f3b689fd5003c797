package dev.flopscope.polynomial;

/** What became of a search for the polynomial that gives the values of an unknown function. */
public sealed interface Recovery {
    /**
     * One polynomial gives every value.
     *
     * @param polynomial the polynomial
     * @param checks at how many points more than determine it the function was found to have its values
     */
    record Recovered(Polynomial polynomial, int checks) implements Recovery {}

    /**
     * No polynomial of degree 3 or less in each letter does.
     *
     * @param reason at which point it breaks, in words
     */
    record NotPolynomial(String reason) implements Recovery {}
}
