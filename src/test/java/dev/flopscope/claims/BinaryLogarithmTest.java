package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.polynomial.Fraction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryLogarithmTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "8, 3", "1073741824, 30", "0.5, -1", "0.125, -3"})
    void powerOfTwoHasAnExactLogarithm(BigDecimal ratio, BigDecimal power) {
        assertThat(Quantities.binaryLogarithm(Fraction.of(ratio)).decimal()).isEqualByComparingTo(power);
    }

    @Test
    void otherRatiosAreGoodToTwelveDigits() {
        assertThat(rounded("3")).isEqualTo("1.584962500721");
        assertThat(rounded("0.75")).isEqualTo("-0.415037499279");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-2"})
    void whatIsNotPositiveHasNone(BigDecimal ratio) {
        assertThatThrownBy(() -> Quantities.binaryLogarithm(Fraction.of(ratio)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("no logarithm of " + ratio);
    }

    private static String rounded(String ratio) {
        return Quantities.binaryLogarithm(Fraction.of(new BigDecimal(ratio)))
                .decimal()
                .setScale(12, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
