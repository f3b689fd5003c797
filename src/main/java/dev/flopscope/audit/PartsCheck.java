package dev.flopscope.audit;

import java.math.BigDecimal;

/**
 * Whether the claims that are said to make up another do so, all as claimed.
 *
 * @param sum what the parts add up to
 * @param agreement how that compares with the claim of the whole
 */
public record PartsCheck(BigDecimal sum, Agreement agreement) {
    /** How a sum of claims compares with the claim of their sum. */
    public enum Agreement {
        /** They are equal. */
        EQUAL,
        /** They differ by no more than the rounding of all the numbers can explain. */
        WITHIN_ROUNDING,
        /** They differ by more. */
        DIFFERS
    }

    /**
     * Compares.
     *
     * @param sum what the parts add up to
     * @param whole the claim of the whole
     * @param tolerance the sum of how far each number may be from what it stands for
     */
    static PartsCheck of(BigDecimal sum, BigDecimal whole, BigDecimal tolerance) {
        BigDecimal distance = sum.subtract(whole).abs();
        if (distance.signum() == 0) {
            return new PartsCheck(sum, Agreement.EQUAL);
        }
        return new PartsCheck(sum, distance.compareTo(tolerance) <= 0 ? Agreement.WITHIN_ROUNDING : Agreement.DIFFERS);
    }
}
