package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
    @ParameterizedTest
    @CsvSource({
        "96.35, 96.35, 4, HOLDS",
        "96.4, 96.3512, 3, ROUNDS",
        "96.3, 96.3512, 3, CUT_OFF",
        "96.3, 96.39, 3, CUT_OFF",
        "96.5, 96.3512, 3, OFF",
        "3.6, 3.6488, 2, ROUNDS",
        "3.7, 3.6488, 2, ROUNDED_TWICE",
        "3.7, 3.6449, 2, OFF",
        "16.50, 16.504, 4, ROUNDS",
        "16.50, 16.506, 4, CUT_OFF",
        "16.5, 16.5, 4, HOLDS",
        "1e3, 1060, 2, CUT_OFF",
        "1e3, 1049, 1, ROUNDS",
        "1e3, 999.6, 3, ROUNDS",
        "1e3, 999.4, 3, OFF",
        "100, 99.96, 3, ROUNDS",
        "-1, 1, 1, OFF",
    })
    void claimedNumberIsJudgedAtTheDigitsItPretendsTo(
            BigDecimal claimed, BigDecimal actual, int digits, Verdict verdict) {
        assertThat(new Precision.Digits(digits).judge(claimed, actual)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"96.3, 96.35, 3", "96.4, 96.35, 3", "2, 2.5, 1", "3, 2.5, 1"})
    void numberExactlyHalfWayRoundsEitherWay(BigDecimal claimed, BigDecimal actual, int digits) {
        assertThat(new Precision.Digits(digits).judge(claimed, actual)).isEqualTo(Verdict.ROUNDS);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1e3, HOLDS", "1000.0, 1000, HOLDS", "1000, 1000.0001, OFF", "999, 1000, OFF"})
    void exactNumberMustBeEqual(BigDecimal claimed, BigDecimal actual, Verdict verdict) {
        assertThat(new Precision.Exact().judge(claimed, actual)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"4.513e12, 4, 5e8", "0.791e11, 3, 5e7", "70, 2, 0.5", "70, 1, 5", "16.50, 4, 0.005"})
    void toleranceIsHalfAUnitOfTheLastDigit(BigDecimal claimed, int digits, BigDecimal half) {
        assertThat(new Precision.Digits(digits).tolerance(claimed)).isEqualByComparingTo(half);
    }

    @Test
    void exactNumberHasNoTolerance() {
        assertThat(new Precision.Exact().tolerance(BigDecimal.TEN)).isEqualByComparingTo("0");
    }

    @Test
    void lessThanOneDigitIsRefused() {
        assertThatThrownBy(() -> new Precision.Digits(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("digits must be at least 1: 0");
    }

    @Test
    void onlyEqualAndRoundedNumbersHold() {
        assertThat(Verdict.values()).filteredOn(Verdict::holds).containsExactly(Verdict.HOLDS, Verdict.ROUNDS);
    }
}
