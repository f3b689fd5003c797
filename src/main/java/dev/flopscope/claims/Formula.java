package dev.flopscope.claims;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arithmetic on numbers and letters, worked out exactly: {@code + - * / ^} and parentheses with the usual precedence. A sign
 * binds less than a power, so that {@code -2^2} is −4, and powers group from the right. Exponents are whole numbers.
 */
final class Formula {
    /** The letters that a formula may have; N is the number of all parameters. */
    static final String LETTERS = "BTDHKdFVLN";

    private static final Pattern NUMBER =
            Pattern.compile("(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][+-]?\\d{1,3})?");
    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_NESTED = 50;
    /** 1,000 decimal digits and a few; no count comes near them. */
    private static final int MOST_BITS = 3_330;

    private final Expression expression;

    /** A part of a formula that waits for its letters. */
    @FunctionalInterface
    private interface Expression {
        Fraction value(Map<String, Fraction> letters);
    }

    private Formula(Expression expression) {
        this.expression = expression;
    }

    /**
     * Reads a formula.
     *
     * @throws IllegalArgumentException if it is none or too long; the message says where
     */
    static Formula parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("it has more than " + MOST_CHARACTERS + " characters");
        }
        return new Formula(new Parser(text).whole());
    }

    /** The number that {@code text} is, with or without a sign, if it is no longer formula. */
    static Optional<BigDecimal> number(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        return text.length() <= MOST_CHARACTERS && NUMBER.matcher(digits).matches()
                ? Optional.of(new BigDecimal(text.replace(",", "")))
                : Optional.empty();
    }

    /**
     * Works the formula out.
     *
     * @param letters what the letters stand for
     * @throws ArithmeticException if a letter has no value, or an operation has none or one of more than 1,000 digits
     */
    Fraction value(Map<String, Fraction> letters) {
        return expression.value(letters);
    }

    private static Fraction power(Fraction base, Fraction exponent) {
        if (!exponent.isWhole()) {
            throw new ArithmeticException("an exponent must be a whole number");
        }
        BigInteger least = exponent.numerator().abs().multiply(BigInteger.valueOf(base.bits() - 1L));
        if (least.compareTo(BigInteger.valueOf(MOST_BITS)) > 0) {
            throw tooLong();
        }
        // What is left with a large exponent is 0, 1 or -1, whose powers depend on sign and parity alone.
        boolean large = exponent.numerator().bitLength() >= Integer.SIZE - 1;
        int whole = large
                ? exponent.signum() * (exponent.numerator().testBit(0) ? 1 : 2)
                : exponent.numerator().intValue();
        return base.power(whole);
    }

    private static Fraction bounded(Fraction value) {
        if (value.bits() > MOST_BITS) {
            throw tooLong();
        }
        return value;
    }

    private static ArithmeticException tooLong() {
        return new ArithmeticException("a number in it has more than 1,000 digits");
    }

    /** Reads from left to right; each method takes what its name says from where the one before it ended. */
    private static final class Parser {
        private final String text;
        private final Matcher numbers;
        private int position;
        private int nested;

        Parser(String text) {
            this.text = text;
            this.numbers = NUMBER.matcher(text);
        }

        Expression whole() {
            Expression sum = sum();
            if (next() != 0) {
                throw unexpected();
            }
            return sum;
        }

        private Expression sum() {
            nest();
            Expression left = term();
            while (next() == '+' || next() == '-') {
                left = combined(left, take() == '+' ? Fraction::plus : Fraction::minus, term());
            }
            nested--;
            return left;
        }

        private void nest() {
            if (++nested > MOST_NESTED) {
                throw new IllegalArgumentException("it is nested more than " + MOST_NESTED + " deep");
            }
        }

        private Expression term() {
            Expression left = signed();
            while (next() == '*' || next() == '/') {
                left = combined(left, take() == '*' ? Fraction::times : Fraction::over, signed());
            }
            return left;
        }

        private Expression signed() {
            boolean negative = false;
            while (next() == '+' || next() == '-') {
                negative ^= take() == '-';
            }
            Expression power = power();
            return negative ? letters -> power.value(letters).negated() : power;
        }

        private Expression power() {
            Expression base = primary();
            if (next() != '^') {
                return base;
            }
            take();
            nest();
            Expression exponent = signed();
            nested--;
            return combined(base, Formula::power, exponent);
        }

        private Expression primary() {
            char next = next();
            if (next == '(') {
                take();
                Expression inner = sum();
                if (next() != ')') {
                    throw next() == 0 ? new IllegalArgumentException("a ( is not closed") : unexpected();
                }
                take();
                return inner;
            }
            if (next != 0 && numbers.region(position, text.length()).lookingAt()) {
                position = numbers.end();
                Fraction number =
                        bounded(Fraction.of(new BigDecimal(numbers.group().replace(",", ""))));
                return letters -> number;
            }
            if (next != 0 && LETTERS.indexOf(next) >= 0) {
                take();
                return letters -> letter(String.valueOf(next), letters);
            }
            throw unexpected();
        }

        private static Fraction letter(String letter, Map<String, Fraction> letters) {
            Fraction value = letters.get(letter);
            if (value == null) {
                throw new ArithmeticException(letter + " differs between the blocks of this model");
            }
            return value;
        }

        private static Expression combined(Expression left, BinaryOperator<Fraction> operation, Expression right) {
            return letters -> bounded(operation.apply(left.value(letters), right.value(letters)));
        }

        /** The next character that is no blank, with · and × for a product and − for a minus; 0 at the end. */
        private char next() {
            while (position < text.length() && text.charAt(position) == ' ') {
                position++;
            }
            if (position >= text.length()) {
                return 0;
            }
            return switch (text.charAt(position)) {
                case '·', '×' -> '*';
                case '−' -> '-';
                case 0 -> Character.MAX_VALUE;
                default -> text.charAt(position);
            };
        }

        private char take() {
            char taken = next();
            position++;
            return taken;
        }

        private IllegalArgumentException unexpected() {
            char next = next();
            if (next == 0) {
                return new IllegalArgumentException("something is missing at its end");
            }
            String shown = Character.isISOControl(next) || next == Character.MAX_VALUE
                    ? "a control character"
                    : "'" + next + "'";
            String letters = Character.isLetter(next) && LETTERS.indexOf(next) < 0
                    ? "; the letters are " + String.join(" ", LETTERS.split(""))
                    : "";
            return new IllegalArgumentException(shown + " is unexpected at character " + (position + 1) + letters);
        }
    }
}
