package dev.flopscope.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes the factor between two numbers. */
public final class Factor {
    private static final MathContext FIVE_DIGITS = new MathContext(5, RoundingMode.HALF_UP);

    private Factor() {}

    /** {@code value / reference} in five digits, without trailing zeros; {@code reference} must not be 0. */
    public static String of(BigDecimal value, BigDecimal reference) {
        BigDecimal ratio = value.divide(reference, FIVE_DIGITS);
        return ratio.signum() == 0 ? "0" : ratio.stripTrailingZeros().toPlainString();
    }

    static String of(long value, long reference) {
        return of(BigDecimal.valueOf(value), BigDecimal.valueOf(reference));
    }
}
