package dev.flopscope.audit;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A claim held against the closed forms.
 *
 * @param claim the claim
 * @param claimed its number; a formula's value
 * @param actual the closed form's number, unrounded
 * @param verdict how they compare
 * @param factor claimed over actual; empty if the actual number is 0
 * @param explanations the conventions that give the claimed number, in words; none unless it is off
 * @param parts whether the parts that the claim names add up to it, if it names any
 */
public record ClaimVerdict(
        Claim claim,
        BigDecimal claimed,
        BigDecimal actual,
        Verdict verdict,
        Optional<BigDecimal> factor,
        List<String> explanations,
        Optional<PartsCheck> parts) {
    /** Keeps a copy of the list. */
    public ClaimVerdict {
        explanations = List.copyOf(explanations);
    }

    /** Whether the claim holds as it is written; its parts are another question. */
    public boolean holds() {
        return verdict.holds();
    }

    /** One line in plain words, without a period: {@code off by factor 2: a multiply-add counted as 1}. */
    public String describe() {
        return describeVerdict() + parts.map(this::describeParts).orElse("");
    }

    private String describeVerdict() {
        return switch (verdict) {
            case HOLDS -> "holds";
            case ROUNDS -> "holds, rounded to " + digits(0);
            case CUT_OFF -> "cut off rather than rounded: " + roundings();
            case ROUNDED_TWICE -> "rounded twice: " + roundings();
            case OFF ->
                describeFactor()
                        + (explanations.isEmpty()
                                ? ", and no known convention gives it"
                                : ": " + String.join(", or ", explanations));
        };
    }

    private String describeFactor() {
        if (factor.isEmpty()) {
            return "off, the actual number is 0";
        }
        String ratio = Factor.of(claimed, actual);
        return ratio.equals("1") ? "off by " + Numbers.plain(claimed.subtract(actual)) : "off by factor " + ratio;
    }

    /** The actual number at the digits claimed and at one more; there a last 5 may be rounded up or down. */
    private String roundings() {
        if (!(claim.precision() instanceof Precision.Digits digits)) {
            return Numbers.plain(actual);
        }
        BigDecimal longer = digits.withOneDigitMore(actual);
        String text = "to " + digits(0) + " it is " + Numbers.plain(digits.rounded(actual)) + ", to " + digits(1) + " "
                + Numbers.plain(longer);
        return digits.isHalfWayAtOneDigitMore(actual) ? text + ", which may be rounded either way" : text;
    }

    private String digits(int more) {
        if (!(claim.precision() instanceof Precision.Digits digits)) {
            return "all digits";
        }
        int count = digits.count() + more;
        return count + (count == 1 ? " digit" : " digits");
    }

    private String describeParts(PartsCheck check) {
        String sum = Numbers.plain(check.sum());
        return switch (check.agreement()) {
            case EQUAL -> verdict == Verdict.OFF ? "" : ", and is the sum of its parts as claimed";
            case WITHIN_ROUNDING -> ", and is the sum of its parts as claimed within rounding (" + sum + ")";
            case DIFFERS ->
                (verdict.holds() ? ", but" : ", and") + " is not the sum of its parts as claimed (" + sum
                        + partsFactor(check.sum()) + ")";
        };
    }

    private String partsFactor(BigDecimal sum) {
        return claimed.signum() == 0 ? "" : ", factor " + Factor.of(sum, claimed);
    }
}
