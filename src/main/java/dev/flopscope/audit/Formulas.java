package dev.flopscope.audit;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.data.DataAccessorIfc;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.parser.ParseException;
import dev.flopscope.config.BadDataException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and evaluates the numbers and formulas of claims, exactly. */
final class Formulas {
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:\\d+|\\d{1,3}(?:,\\d{3})+)(?:\\.\\d+)?(?:[eE][+-]?\\d{1,3})?");
    private static final Pattern FORMULA = Pattern.compile("[A-Za-z0-9.+\\-*/^() ]{1,200}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    /** No count comes near 10^1000; a number that does would be written out digit by digit. */
    private static final int MOST_DIGITS = 1000;

    private static final String LETTERS = "BTDHKdFVL";

    private static final ExpressionConfiguration ARITHMETIC = ExpressionConfiguration.builder()
            .functionDictionary(new MapBasedFunctionDictionary())
            .defaultConstants(Map.of())
            .dataAccessorSupplier(Letters::new)
            .implicitMultiplicationAllowed(false)
            .build();

    private Formulas() {}

    /** Variables by their exact letter: EvalEx's own map takes d for D. */
    private static final class Letters implements DataAccessorIfc {
        private final Map<String, EvaluationValue> values = new HashMap<>();

        @Override
        public @Nullable EvaluationValue getData(String variable) {
            return values.get(variable);
        }

        @Override
        public void setData(String variable, EvaluationValue value) {
            values.put(variable, value);
        }
    }

    /**
     * Reads what a claim claims.
     *
     * @return empty if {@code text} is neither a number nor a formula in the known letters
     */
    static Optional<ClaimedValue> read(String text) {
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(new ClaimedValue.Literal(text, new BigDecimal(text.replace(",", ""))));
        }
        return isFormula(text) ? Optional.of(new ClaimedValue.Formula(text)) : Optional.empty();
    }

    private static boolean isFormula(String text) {
        if (!FORMULA.matcher(text).matches()) {
            return false;
        }
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            if (words.group().length() > 1 || !LETTERS.contains(words.group())) {
                return false;
            }
        }
        try {
            new Expression(text, ARITHMETIC).validate();
            return true;
        } catch (ParseException e) {
            return false;
        }
    }

    /**
     * The number that a claim claims.
     *
     * @param letters the extents of its pass
     * @throws BadDataException if a formula has no value, as 1/0 has none, or one of more than 1000 digits
     */
    static BigDecimal value(Claim claim, Map<String, Long> letters) {
        if (claim.claimed() instanceof ClaimedValue.Literal literal) {
            return literal.number();
        }
        String text = claim.claimed().text();
        try {
            Expression formula = new Expression(text, ARITHMETIC);
            letters.forEach((letter, extent) -> formula.with(letter, BigDecimal.valueOf(extent)));
            return requireMagnitude(claim, formula.evaluate().getNumberValue());
        } catch (EvaluationException | ParseException | ArithmeticException e) {
            throw new BadDataException(claim.where(), "claimed=" + text + " has no value: " + e.getMessage(), e);
        }
    }

    private static BigDecimal requireMagnitude(Claim claim, BigDecimal value) {
        long digits = (long) value.precision() - value.scale();
        if (Math.abs(digits) > MOST_DIGITS) {
            throw new BadDataException(
                    claim.where(),
                    "claimed=" + claim.claimed().text() + " is not between 10^-" + MOST_DIGITS + " and 10^"
                            + MOST_DIGITS);
        }
        return value;
    }
}
