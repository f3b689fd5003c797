package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulasTest {
    /** All different, so that a letter taken for another shows. */
    private static final Map<String, Long> LETTERS =
            Map.of("B", 2L, "T", 3L, "D", 5L, "H", 7L, "K", 11L, "d", 13L, "F", 17L, "V", 19L, "L", 23L);

    @ParameterizedTest
    @CsvSource({
        "B, 2",
        "T, 3",
        "D, 5",
        "H, 7",
        "K, 11",
        "d, 13",
        "F, 17",
        "V, 19",
        "L, 23",
        "D*d, 65",
        "4*T*D*F, 1020",
        "2*B*T^2*H*d, 3276",
        "(D - d)/2, -4",
        "T*(T+1)/2, 6",
        "-D+d, 8",
        "1.5*D, 7.5",
    })
    void formulaIsEvaluatedWithTheLettersAsTheyAreWritten(String formula, BigDecimal value) {
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
                "-7 | -7"
            })
    void numberIsReadAsItIsCommonlyWritten(String text, BigDecimal value) {
        assertThat(valueOf(text)).isEqualByComparingTo(value);
    }

    @Test
    void valueBeyondLongsIsExact() {
        assertThat(valueOf("9223372036854775807*9223372036854775807"))
                .isEqualByComparingTo("85070591730234615847396907784232501249");
    }

    private static BigDecimal valueOf(String text) {
        Claim claim = ClaimsTesting.claims("a,gpt2-xl,1,total,\"" + text + "\",exact,")
                .get(0);
        return Formulas.value(claim, LETTERS);
    }
}
