package dev.flopscope.claims;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The digits that a claimed number is given to, which decide which numbers it agrees with. */
public sealed interface Precision {

    /** Holds a claimed number against the actual one. */
    Verdict judge(BigDecimal claimed, BigDecimal actual);

    /** How far from the number meant {@code claimed} may be and still be written as it is: half a unit of its last digit. */
    BigDecimal tolerance(BigDecimal claimed);

    /** The number is the count itself. */
    record Exact() implements Precision {
        @Override
        public Verdict judge(BigDecimal claimed, BigDecimal actual) {
            return claimed.compareTo(actual) == 0 ? Verdict.HOLDS : Verdict.OFF;
        }

        @Override
        public BigDecimal tolerance(BigDecimal claimed) {
            return BigDecimal.ZERO;
        }
    }

    /**
     * The number is the count rounded to so many significant digits. A count exactly half way rounds either way.
     *
     * @param count significant digits, at least 1
     */
    record Digits(int count) implements Precision {
        private static final BigDecimal HALF = new BigDecimal("0.5");

        /**
         * Checks the count.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Digits {
            if (count < 1) {
                throw new IllegalArgumentException("digits must be at least 1: " + count);
            }
        }

        @Override
        public Verdict judge(BigDecimal claimed, BigDecimal actual) {
            if (claimed.compareTo(actual) == 0) {
                return Verdict.HOLDS;
            }
            BigDecimal written = rounded(claimed, RoundingMode.HALF_UP);
            if (isOneOf(written, rounded(actual, RoundingMode.HALF_UP), rounded(actual, RoundingMode.HALF_DOWN))) {
                return Verdict.ROUNDS;
            }
            if (isOneOf(written, rounded(actual, RoundingMode.DOWN))) {
                return Verdict.CUT_OFF;
            }
            BigDecimal twice = rounded(withOneDigitMore(actual), RoundingMode.HALF_UP);
            return isOneOf(written, twice) ? Verdict.ROUNDED_TWICE : Verdict.OFF;
        }

        /** {@code value} rounded to these digits, halves away from zero. */
        BigDecimal rounded(BigDecimal value) {
            return rounded(value, RoundingMode.HALF_UP);
        }

        /** {@code value} rounded to one digit more than these. */
        BigDecimal withOneDigitMore(BigDecimal value) {
            return value.round(new MathContext(Math.addExact(count, 1), RoundingMode.HALF_UP));
        }

        /** Whether {@code value}, written with one digit more, is exactly half way between two numbers of these digits. */
        boolean isHalfWayAtOneDigitMore(BigDecimal value) {
            BigDecimal longer = withOneDigitMore(value);
            return rounded(longer, RoundingMode.HALF_UP).compareTo(rounded(longer, RoundingMode.HALF_DOWN)) != 0;
        }

        /** One unit of the last of these digits of {@code value}. */
        BigDecimal unit(BigDecimal value) {
            return BigDecimal.ONE.scaleByPowerOfTen(value.precision() - value.scale() - count);
        }

        @Override
        public BigDecimal tolerance(BigDecimal claimed) {
            return unit(claimed).multiply(HALF);
        }

        private BigDecimal rounded(BigDecimal value, RoundingMode mode) {
            return value.round(new MathContext(count, mode));
        }

        private static boolean isOneOf(BigDecimal value, BigDecimal... candidates) {
            for (BigDecimal candidate : candidates) {
                if (value.compareTo(candidate) == 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
