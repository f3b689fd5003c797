package dev.flopscope.polynomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {
    /** All different, so that a letter taken for another shows. */
    private static final Map<String, Long> LETTERS =
            Map.of("B", 2L, "T", 3L, "D", 5L, "H", 7L, "K", 11L, "d", 13L, "F", 17L, "V", 19L, "L", 23L, "N", 29L);

    private static final List<String> NAMES = List.of("B", "T", "D", "H", "K", "d", "F", "V", "L", "E", "k", "N");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B | 2",
                "T | 3",
                "T² | 9",
                "2·B·T³ | 108",
                "D | 5",
                "H | 7",
                "K | 11",
                "d | 13",
                "F | 17",
                "V | 19",
                "L | 23",
                "N | 29",
                "D*d | 65",
                "4*T*D*F | 1020",
                "2*B*T^2*H*d | 3276",
                "(D - d)/2 | -4",
                "T*(T+1)/2 | 6",
                "-D+d | 8",
                "1.5*D | 7.5",
                "2·B·T × D − 1 | 59",
                "1,000*T | 3000",
                "7 - 4 - 2 | 1",
                "100 / 10 / 5 | 2",
                "100 / 10 * 5 | 50",
                "1/3*3 | 1",
                "2+3*4^2 | 50",
                "(2+3)*4 | 20",
                "((T)) | 3",
                "-2^2 | -4",
                "(-2)^2 | 4",
                "(-2)^3 | -8",
                "2^-2 | 0.25",
                "2^3^2 | 512",
                "2*-3 | -6",
                "2--3 | 5",
                "2+-+-3 | 5",
                "+4 | 4",
                "0^0 | 1",
                "0^5 | 0",
                "(1/2)^3 | 0.125",
                "1e3/1e-3 | 1000000",
                "2^(6/3) | 4",
                "1^999999999999 | 1",
                "(-1)^999999999999 | -1",
                "(-1)^-999999999998 | 1",
                "0^999999999999 | 0",
                "1024^100/1024^99 | 1024",
            })
    void formulaIsEvaluatedExactlyAndWithTheUsualPrecedence(String formula, BigDecimal value) {
        assertThat(valueOf(formula)).isEqualByComparingTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,000 | 1000",
                "4,513,336,524,800 | 4513336524800",
                "2.706e11 | 270600000000",
                "1E+3 | 1000",
                "5e-1 | 0.5",
                "1,234.5 | 1234.5",
                "-7 | -7",
            })
    void numberIsReadAsItIsCommonlyWritten(String text, BigDecimal value) {
        assertThat(valueOf(text)).isEqualByComparingTo(value);
        assertThat(Formula.number(text))
                .hasValueSatisfying(number -> assertThat(number).isEqualByComparingTo(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,23", "1+1", "T", "", "-", "--1", "1e1000", "1234,567", "1.", ".5"})
    void whatIsNoNumberAloneIsNone(String text) {
        assertThat(Formula.number(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | something is missing at its end",
                "2* | something is missing at its end",
                "2^ | something is missing at its end",
                "- | something is missing at its end",
                "4*(T | a ( is not closed",
                "4*(T] | ']' is unexpected at character 5",
                "T) | ')' is unexpected at character 2",
                "() | ')' is unexpected at character 2",
                "2T | 'T' is unexpected at character 2",
                "T D | 'D' is unexpected at character 3",
                "4**T | '*' is unexpected at character 3",
                "1.2.3 | '.' is unexpected at character 4",
                "1. | '.' is unexpected at character 2",
                "1,23 | ',' is unexpected at character 2",
                "1234,567 | ',' is unexpected at character 5",
                "1,2345 | '5' is unexpected at character 6",
                "1e9999 | '9' is unexpected at character 6",
                "1e | 'e' is unexpected at character 2; the letters are B T D H K d F V L E k N",
                "2*X | 'X' is unexpected at character 3; the letters are B T D H K d F V L E k N",
                "SQRT(4) | 'S' is unexpected at character 1; the letters are B T D H K d F V L E k N",
                "T=3 | '=' is unexpected at character 2",
            })
    void whatIsNoFormulaIsRefusedWithThePlace(String text, String message) {
        assertThatThrownBy(() -> Formula.parse(text, NAMES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void controlCharactersAreRefusedAndNotRepeated() {
        for (String character : new String[] {"\n", "\0", "\u001b", "\t"}) {
            assertThatThrownBy(() -> Formula.parse("2" + character + "3", NAMES))
                    .hasMessage("a control character is unexpected at character 2");
        }
    }

    @Test
    void lengthAndDepthAreBounded() {
        assertThat(valueOf("1".repeat(200)).precision()).isEqualTo(200);
        assertThatThrownBy(() -> Formula.parse("1".repeat(201), NAMES)).hasMessage("it has more than 200 characters");
        assertThatThrownBy(() -> Formula.parse("1".repeat(1_000_000), NAMES))
                .hasMessage("it has more than 200 characters");
        assertThat(Formula.number("1".repeat(200))).isPresent();
        assertThat(Formula.number("1".repeat(201))).isEmpty();
        assertThat(valueOf("(".repeat(49) + "T" + ")".repeat(49))).isEqualByComparingTo("3");
        assertThatThrownBy(() -> Formula.parse("(".repeat(50) + "T" + ")".repeat(50), NAMES))
                .hasMessage("it is nested more than 50 deep");
        assertThat(valueOf("1^".repeat(49) + "1")).isEqualByComparingTo("1");
        assertThatThrownBy(() -> Formula.parse("1^".repeat(50) + "1", NAMES))
                .hasMessage("it is nested more than 50 deep");
        assertThat(valueOf("1^1+".repeat(49) + "1")).isEqualByComparingTo("50");
        assertThat(valueOf("(T)+".repeat(49) + "1")).isEqualByComparingTo("148");
        assertThat(valueOf("-".repeat(199) + "T")).isEqualByComparingTo("-3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0/0 | division by zero",
                "1/(D-5) | division by zero",
                "0^-1 | division by zero",
                "0^-999999999999 | division by zero",
                "(0-8)^0.5 | an exponent must be a whole number",
                "2^(1/3) | an exponent must be a whole number",
                "9^9^9 | a number in it has more than 1,000 digits",
                "2^99999999999999999999 | a number in it has more than 1,000 digits",
                "1.1^-999999999 | a number in it has more than 1,000 digits",
                "10^1004 | a number in it has more than 1,000 digits",
                "1e999*1e999 | a number in it has more than 1,000 digits",
                "1e-999/1e999 | a number in it has more than 1,000 digits",
                "1e-999+1/9^999 | a number in it has more than 1,000 digits",
            })
    void whatHasNoValueOrIsTooLongIsRefusedAtOnce(String formula, String message) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> valueOf(formula))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessage(message));
    }

    @Test
    void numbersOfAThousandDigitsAreExact() {
        assertThat(valueOf("10^1000")).isEqualByComparingTo(BigDecimal.TEN.pow(1000));
        assertThat(valueOf("10^-1000")).isEqualByComparingTo(BigDecimal.ONE.scaleByPowerOfTen(-1000));
        assertThat(valueOf("9223372036854775807*9223372036854775807"))
                .isEqualByComparingTo("85070591730234615847396907784232501249");
    }

    @Test
    void letterWithoutAValueIsNamed() {
        Formula formula = Formula.parse("2*T*F", NAMES);
        Map<String, Fraction> letters = Map.of("T", Fraction.ONE);

        assertThatThrownBy(() -> formula.value(letters))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("F has no single value in this model");
    }

    private static BigDecimal valueOf(String text) {
        Map<String, Fraction> letters = new HashMap<>();
        LETTERS.forEach((letter, extent) -> letters.put(letter, Fraction.of(extent)));
        return Formula.parse(text, NAMES).value(letters).decimal();
    }
}
