package dev.flopscope.audit;

import java.math.BigDecimal;

/** Logarithms of exact ratios. */
final class Logarithm {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private Logarithm() {}

    /**
     * log₂ of {@code ratio}, exact where the ratio is a power of two, else good to about 15 digits.
     *
     * @throws ArithmeticException if the ratio is not positive
     */
    static BigDecimal binary(BigDecimal ratio) {
        if (ratio.signum() <= 0) {
            throw new ArithmeticException("no logarithm of " + ratio.toPlainString());
        }
        int power = 0;
        BigDecimal rest = ratio;
        while (rest.compareTo(TWO) >= 0) {
            rest = rest.divide(TWO, Ledger.DIGITS);
            power++;
        }
        while (rest.compareTo(BigDecimal.ONE) < 0) {
            rest = rest.multiply(TWO);
            power--;
        }
        double fraction = Math.log(rest.doubleValue()) / Math.log(2);
        return BigDecimal.valueOf(power).add(BigDecimal.valueOf(fraction)).stripTrailingZeros();
    }
}
