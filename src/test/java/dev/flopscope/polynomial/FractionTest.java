package dev.flopscope.polynomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FractionTest {
    @Test
    void isKeptInLowestTermsWithTheSignAbove() {
        assertThat(fraction(6, -4)).isEqualTo(new Fraction(BigInteger.valueOf(-3), BigInteger.TWO));
        assertThat(fraction(0, -7)).isEqualTo(Fraction.ZERO);
        assertThatThrownBy(() -> fraction(1, 0))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("division by zero");
    }

    @Test
    void operationsAreExact() {
        Fraction third = fraction(1, 3);
        assertThat(third.plus(fraction(1, 6))).isEqualTo(fraction(1, 2));
        assertThat(third.minus(fraction(1, 2))).isEqualTo(fraction(-1, 6));
        assertThat(third.times(fraction(3, 5))).isEqualTo(fraction(1, 5));
        assertThat(third.times(6)).isEqualTo(Fraction.of(2));
        assertThat(third.over(fraction(-2, 3))).isEqualTo(fraction(-1, 2));
        assertThat(third.over(2)).isEqualTo(fraction(1, 6));
        assertThat(third.negated()).isEqualTo(fraction(-1, 3));
        assertThat(third.power(2)).isEqualTo(fraction(1, 9));
        assertThat(fraction(-2, 3).power(-3)).isEqualTo(fraction(-27, 8));
        assertThat(third.power(0)).isEqualTo(Fraction.ONE);
    }

    @Test
    void orderSignAndWholenessAreThoseOfTheNumber() {
        assertThat(fraction(1, 3)).isLessThan(fraction(1, 2)).isGreaterThan(fraction(-1, 2));
        assertThat(fraction(2, 4)).isEqualByComparingTo(fraction(1, 2));
        assertThat(fraction(-1, 2).signum()).isNegative();
        assertThat(fraction(4, 2).isWhole()).isTrue();
        assertThat(fraction(1, 2).isWhole()).isFalse();
        assertThat(fraction(255, 1024).bits()).isEqualTo(11);
        assertThat(fraction(1024, 255).bits()).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource({"0.125, 1, 8", "-1.5e3, -1500, 1", "2e-3, 1, 500", "7, 7, 1"})
    void decimalsAreReadAndWrittenExactly(BigDecimal decimal, long numerator, long denominator) {
        assertThat(Fraction.of(decimal)).isEqualTo(fraction(numerator, denominator));
        assertThat(fraction(numerator, denominator).decimal()).isEqualByComparingTo(decimal);
    }

    @Test
    void endlessDigitsAreCutAfterSixty() {
        assertThat(fraction(1, 3).decimal()).isEqualTo(new BigDecimal("0." + "3".repeat(60)));
        assertThat(fraction(1, 2).power(100).decimal()).isEqualByComparingTo(new BigDecimal("0.5").pow(100));
    }

    private static Fraction fraction(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }
}
