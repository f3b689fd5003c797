package dev.flopscope.polynomial;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arithmetic on numbers and letters, worked out exactly: {@code + - * / ^} and parentheses with the usual precedence. A sign
 * binds less than a power, so that {@code -2^2} is −4, and powers group from the right. Exponents are whole numbers.
 */
public final class Formula {
    private static final Pattern NUMBER =
            Pattern.compile("(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][+-]?\\d{1,3})?");
    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_NESTED = 50;
    /** A superscript stands at the place of the number that it is. */
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private final Part whole;
    private final Set<String> letters;

    private Formula(Part whole, Set<String> letters) {
        this.whole = whole;
        this.letters = Collections.unmodifiableSet(letters);
    }

    /** The letters that it has. */
    public Set<String> letters() {
        return letters;
    }

    /** A part of a formula, which waits for what its letters stand for. */
    private interface Part {
        <V> V evaluate(Arithmetic<V> arithmetic);
    }

    private record Constant(Fraction number) implements Part {
        @Override
        public <V> V evaluate(Arithmetic<V> arithmetic) {
            return arithmetic.number(number);
        }
    }

    private record Letter(String letter) implements Part {
        @Override
        public <V> V evaluate(Arithmetic<V> arithmetic) {
            return arithmetic.letter(letter);
        }
    }

    private record Negative(Part part) implements Part {
        @Override
        public <V> V evaluate(Arithmetic<V> arithmetic) {
            return arithmetic.negated(part.evaluate(arithmetic));
        }
    }

    private record Operation(char sign, Part left, Part right) implements Part {
        @Override
        public <V> V evaluate(Arithmetic<V> arithmetic) {
            V first = left.evaluate(arithmetic);
            V second = right.evaluate(arithmetic);
            return switch (sign) {
                case '+' -> arithmetic.plus(first, second);
                case '-' -> arithmetic.plus(first, arithmetic.negated(second));
                case '*' -> arithmetic.times(first, second);
                case '/' -> arithmetic.over(first, second);
                default -> arithmetic.power(first, second);
            };
        }
    }

    /**
     * Reads a formula.
     *
     * @param letters the names that it may have, of one letter or more
     * @throws IllegalArgumentException if it is none or too long; the message says where
     */
    public static Formula parse(String text, List<String> letters) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("it has more than " + MOST_CHARACTERS + " characters");
        }
        Parser parser = new Parser(text, letters);
        return new Formula(parser.whole(), parser.found);
    }

    /** The number that {@code text} is, with or without a sign, if it is no longer formula. */
    public static Optional<BigDecimal> number(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        return text.length() <= MOST_CHARACTERS && NUMBER.matcher(digits).matches()
                ? Optional.of(new BigDecimal(text.replace(",", "")))
                : Optional.empty();
    }

    /**
     * Works the formula out.
     *
     * @param values what the letters stand for
     * @throws ArithmeticException if a letter has no value, or an operation has none or one of more than 1,000 digits
     */
    public Fraction value(Map<String, Fraction> values) {
        return whole.evaluate(new NumberArithmetic(values));
    }

    /**
     * Multiplies the formula out.
     *
     * @return the polynomial that it is; empty if it is none, or one of too many terms
     */
    public Optional<Polynomial> polynomial() {
        try {
            return Optional.of(whole.evaluate(new PolynomialArithmetic()));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Reads from left to right; each method takes what its name says from where the one before it ended. */
    private static final class Parser {
        private final String text;
        private final List<String> letters;
        private final Matcher numbers;
        private final Set<String> found = new TreeSet<>();
        private int position;
        private int nested;

        Parser(String text, List<String> letters) {
            this.text = text;
            this.letters = letters;
            this.numbers = NUMBER.matcher(text);
        }

        Part whole() {
            Part sum = sum();
            if (next() != 0) {
                throw unexpected();
            }
            return sum;
        }

        private Part sum() {
            nest();
            Part left = term();
            while (next() == '+' || next() == '-') {
                left = new Operation(take(), left, term());
            }
            nested--;
            return left;
        }

        private void nest() {
            if (++nested > MOST_NESTED) {
                throw new IllegalArgumentException("it is nested more than " + MOST_NESTED + " deep");
            }
        }

        private Part term() {
            Part left = signed();
            while (next() == '*' || next() == '/') {
                left = new Operation(take(), left, signed());
            }
            return left;
        }

        private Part signed() {
            boolean negative = false;
            while (next() == '+' || next() == '-') {
                negative ^= take() == '-';
            }
            Part power = power();
            return negative ? new Negative(power) : power;
        }

        private Part power() {
            Part base = primary();
            if (SUPERSCRIPTS.indexOf(next()) >= 0) {
                return new Operation('^', base, new Constant(Fraction.of(SUPERSCRIPTS.indexOf(take()))));
            }
            if (next() != '^') {
                return base;
            }
            take();
            nest();
            Part exponent = signed();
            nested--;
            return new Operation('^', base, exponent);
        }

        private Part primary() {
            char next = next();
            if (next == '(') {
                take();
                Part inner = sum();
                if (next() != ')') {
                    throw next() == 0 ? new IllegalArgumentException("a ( is not closed") : unexpected();
                }
                take();
                return inner;
            }
            if (next != 0 && numbers.region(position, text.length()).lookingAt()) {
                position = numbers.end();
                return new Constant(NumberArithmetic.bounded(
                        Fraction.of(new BigDecimal(numbers.group().replace(",", "")))));
            }
            String letter = letter();
            if (!letter.isEmpty()) {
                position += letter.length();
                found.add(letter);
                return new Letter(letter);
            }
            throw unexpected();
        }

        /** The longest name that stands here; empty if none does. */
        private String letter() {
            return letters.stream()
                    .filter(name -> text.startsWith(name, position))
                    .max(Comparator.comparingInt(String::length))
                    .orElse("");
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
            String known = Character.isLetter(next) && letter().isEmpty() && !letters.isEmpty()
                    ? "; the letters are " + String.join(" ", letters)
                    : "";
            return new IllegalArgumentException(shown + " is unexpected at character " + (position + 1) + known);
        }
    }
}
