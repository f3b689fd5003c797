package dev.flopscope.polynomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolynomialTest {
    private static final List<String> LETTERS = List.of("B", "T", "D", "R_q", "R", "d", "d_r");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "T-T | 0",
                "2*T*B | 2·B·T",
                "D*(T+1)^2 | T²·D + 2·T·D + D",
                "(T-1)*(T+1) | T² − 1",
                "-T | −T",
                "T*(T+1)/2 | 1/2·T² + 1/2·T",
                "2·B·T·R_q·(d−d_r) | 2·B·T·R_q·d − 2·B·T·R_q·d_r",
                "T^5 | T^5",
                "(2+3)^2*T | 25·T",
                "T^0 | 1",
                "2*T*D*(D/R) | 2·T·D²/R",
                "D/R*R | D",
                "T^(0-1) | 1/T",
                "(T+D)/(R*d) | T/(R·d) + D/(R·d)",
            })
    void formulaIsMultipliedOut(String formula, String polynomial) {
        assertThat(polynomial(formula)).hasToString(polynomial);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/(T+1)", "2^T", "(T+1)^(0-1)", "T^0.5", "(B+T+D+R+d)^40", "T^61", "1/T^61", "T/(D-D)"})
    void formulaThatIsNoPolynomialIsNone(String formula) {
        assertThat(Formula.parse(formula, LETTERS).polynomial()).isEmpty();
    }

    @Test
    void polynomialHasTheValueOfItsFormula() {
        List<String> formulas = List.of("2*T*D+4*T^2", "(B-T)^3*D/7", "R*R_q-d*d_r+1.5", "-(T-D)^2");
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            Map<String, Fraction> values = LETTERS.stream()
                    .collect(Collectors.toMap(letter -> letter, letter -> Fraction.of(random.nextInt(-9, 10))));
            for (String text : formulas) {
                Formula formula = Formula.parse(text, LETTERS);

                assertThat(polynomial(text).value(values)).isEqualTo(formula.value(values));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "2*T*B | 2·B·T",
                "T+D | T + D",
                "2*B*T*d-2*B*T*d_r | 2·B·T·(d − d_r)",
                "T*(T+1)/2 | 1/2·T·(T + 1)",
                "4*T-6*D | 2·(2·T − 3·D)",
                "B*(R^2*T+R) | B·R·(T·R + 1)",
            })
    void whatAllTermsHaveInCommonIsWrittenOnce(String formula, String factored) {
        assertThat(polynomial(formula).factored()).isEqualTo(factored);
    }

    @Test
    void letterIsReplaced() {
        Polynomial replaced = polynomial("4*T^2*D+D^2").with("D", polynomial("R*d"));

        assertThat(replaced).isEqualTo(polynomial("4*T^2*R*d+R^2*d^2"));
        assertThat(replaced.letters()).containsExactly("R", "T", "d");
    }

    @Test
    void valueOfALetterThatHasNoneIsRefused() {
        assertThatThrownBy(() -> polynomial("T*D").value(Map.of("T", Fraction.ONE)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("D has no single value in this model");
    }

    @Test
    void powersThatAreTooLongAreRefused() {
        assertThatThrownBy(() -> polynomial("T+1").power(BigInteger.valueOf(61)))
                .hasMessage("it has too many terms when it is multiplied out");
    }

    private static Polynomial polynomial(String formula) {
        return Formula.parse(formula, LETTERS).polynomial().orElseThrow();
    }
}
