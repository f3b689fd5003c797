package dev.flopscope.claims;

import dev.flopscope.audit.Factor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A claim held against the closed forms.
 *
 * @param claim the claim
 * @param claimed its number; a formula's value
 * @param actual the closed form's number, unrounded
 * @param verdict how they compare
 * @param factor claimed over actual; empty if the actual number is 0
 * @param explanations the conventions that give the claimed number, or how a formula differs, in words; none unless it is off
 * @param parts whether the parts that the claim names add up to it, if it names any
 * @param formula what comparing polynomials says of it, if it is a formula
 */
public record ClaimVerdict(
        Claim claim,
        BigDecimal claimed,
        BigDecimal actual,
        Verdict verdict,
        Optional<BigDecimal> factor,
        List<String> explanations,
        Optional<Parts> parts,
        Optional<FormulaCheck> formula) {
    private static final int FRACTION_DIGITS = 12;
    private static final int MOST_MAGNITUDE = 15;

    /**
     * Whether the claims that are said to make up another do so, all as claimed.
     *
     * @param sum what the parts add up to
     * @param agreement how that compares with the claim of the whole
     */
    public record Parts(BigDecimal sum, Agreement agreement) {
        /**
         * Compares.
         *
         * @param tolerance the sum of how far each number may be from what it stands for
         */
        static Parts of(BigDecimal sum, BigDecimal whole, BigDecimal tolerance) {
            BigDecimal distance = sum.subtract(whole).abs();
            if (distance.signum() == 0) {
                return new Parts(sum, Agreement.EQUAL);
            }
            return new Parts(sum, distance.compareTo(tolerance) <= 0 ? Agreement.WITHIN_ROUNDING : Agreement.DIFFERS);
        }
    }

    /** How a sum of claims compares with the claim of their sum. */
    public enum Agreement {
        /** They are equal. */
        EQUAL,
        /** They differ by no more than the rounding of all the numbers can explain. */
        WITHIN_ROUNDING,
        /** They differ by more. */
        DIFFERS
    }

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

    /** What must be said beyond that a claim holds: the same line, or nothing if it holds and so do its parts. */
    public String remark() {
        return holds() && parts.map(this::describeParts).orElse("").isEmpty() ? "" : describe();
    }

    private String describeVerdict() {
        return switch (verdict) {
            case HOLDS -> "holds";
            case ROUNDS -> "holds, rounded to " + digits(0);
            case CUT_OFF -> "cut off rather than rounded: " + roundings();
            case ROUNDED_TWICE -> "rounded twice: " + roundings();
            case COINCIDES -> describeCoincidence() + ": " + String.join(", or ", explanations);
            case OFF ->
                describeFactor()
                        + (explanations.isEmpty()
                                ? ", and no known convention gives it"
                                : ": " + String.join(", or ", explanations));
        };
    }

    private String describeCoincidence() {
        return formula.flatMap(FormulaCheck::scope)
                .map(scope -> "right only where " + scope)
                .orElse("right at this size and wrong at others");
    }

    private String describeFactor() {
        if (factor.isEmpty()) {
            return "off, the actual number is 0";
        }
        if (Math.abs(magnitude(factor.get())) > MOST_MAGNITUDE) {
            return "off by more than " + MOST_MAGNITUDE + " orders of magnitude";
        }
        String ratio = Factor.of(claimed, actual);
        return ratio.equals("1") ? "off by " + plain(claimed.subtract(actual)) : "off by factor " + ratio;
    }

    /** The actual number at the digits claimed and at one more; there a last 5 may be rounded up or down. */
    private String roundings() {
        if (!(claim.precision() instanceof Precision.Digits digits)) {
            return plain(actual);
        }
        BigDecimal longer = digits.withOneDigitMore(actual);
        String text = "to " + digits(0) + " it is " + plain(digits.rounded(actual)) + ", to " + digits(1) + " "
                + plain(longer);
        return digits.isHalfWayAtOneDigitMore(actual) ? text + ", which may be rounded either way" : text;
    }

    private String digits(int more) {
        if (!(claim.precision() instanceof Precision.Digits digits)) {
            return "all digits";
        }
        int count = digits.count() + more;
        return count + (count == 1 ? " digit" : " digits");
    }

    private String describeParts(Parts check) {
        String sum = plain(check.sum());
        return switch (check.agreement()) {
            case EQUAL -> verdict == Verdict.OFF ? "" : ", and is the sum of its parts as claimed";
            case WITHIN_ROUNDING -> ", and is the sum of its parts as claimed within rounding (" + sum + ")";
            case DIFFERS ->
                (verdict.holds() ? ", but" : ", and") + " is not the sum of its parts as claimed (" + sum
                        + partsFactor(check.sum()) + ")";
        };
    }

    private String partsFactor(BigDecimal sum) {
        return claimed.signum() == 0 || Math.abs(magnitude(sum) - magnitude(claimed)) > MOST_MAGNITUDE
                ? ""
                : ", factor " + Factor.of(sum, claimed);
    }

    /** Digits before the point, or zeros after it as a negative number. */
    private static int magnitude(BigDecimal value) {
        return value.precision() - value.scale();
    }

    /** {@code value} with thousands separators and at most 12 digits after the point, in scientific notation if it is huge. */
    private static String plain(BigDecimal value) {
        if (magnitude(value) > 2 * MOST_MAGNITUDE) {
            return value.round(new MathContext(FRACTION_DIGITS))
                    .stripTrailingZeros()
                    .toString();
        }
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMaximumFractionDigits(FRACTION_DIGITS);
        return format.format(value);
    }
}
