package dev.flopscope.claims;

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

    /** The number that {@code text} is, if it is one. */
    static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text.replace(",", ""))) : Optional.empty();
    }

    /** Whether {@code text} is a formula in the known letters. */
    static boolean isFormula(String text) {
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
        String text = claim.claimed();
        Optional<BigDecimal> number = number(text);
        if (number.isPresent()) {
            return number.get();
        }
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
                    "claimed=" + claim.claimed() + " is not between 10^-" + MOST_DIGITS + " and 10^" + MOST_DIGITS);
        }
        return value;
    }
}
