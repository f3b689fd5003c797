package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.BadDataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsFileTest {
    private static final String GOOD = "a,gpt2-xl,1024,total,1e3,1 digit,\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,gpt2-xl,1024,total,1,exact | claims.csv:2: must have 7 columns, has 6",
                "a,gpt2-xl,1024,total,1,exact,,x | claims.csv:2: must have 7 columns, has 8",
                ",gpt2-xl,1024,total,1,exact, | claims.csv:2: id is missing",
                "a,,1024,total,1,exact, | claims.csv:2: model is missing",
                "a,gpt2-xl,,total,1,exact, | claims.csv:2: context is missing",
                "a,gpt2-xl,0,total,1,exact, | claims.csv:2: context must be an integer from 1 to 2147483647: context=0",
                "a,gpt2-xl,-5,total,1,exact, | claims.csv:2: context must be an integer from 1 to 2147483647: context=-5",
                "a,gpt2-xl,1.5,total,1,exact, | claims.csv:2: context must be an integer from 1 to 2147483647: context=1.5",
                "a,gpt2-xl,3e9,total,1,exact, | claims.csv:2: context must be an integer from 1 to 2147483647: context=3e9",
                "a,gpt2-xl,1024,,1,exact, | claims.csv:2: quantity is missing",
                "a,gpt2-xl,1024,total,,exact, | claims.csv:2: claimed is missing",
                "a,gpt2-xl,1024,total,1,, | claims.csv:2: precision is missing",
                "a,gpt2-xl,1024,total,1,0 digits, | claims.csv:2: precision must be \"exact\" or a number of digits such as \"3 digits\": precision=0 digits",
                "a,gpt2-xl,1024,total,1,roughly, | claims.csv:2: precision must be \"exact\" or a number of digits such as \"3 digits\": precision=roughly",
                "a,gpt2-xl,1024,total,16.51,3 digits, | claims.csv:2: claimed has more than 3 significant digits: claimed=16.51",
                "a,gpt2-xl,1024,total,1,exact,b | claims.csv:2: no claim has the id of this part: parts=b",
                "a,gpt2-xl,1024,total,1,exact,a | claims.csv:2: a claim cannot be a part of itself: parts=a",
                "a,gpt2-xl,1024,total,1,exact,b+ | claims.csv:2: parts must be ids joined by +: parts=b+",
                "a,gpt2-xl,1024,total,1,exact,b++c | claims.csv:2: parts must be ids joined by +: parts=b++c",
            })
    void badLineIsNamedWithItsColumnAndValue(String line, String message) {
        assertRefused(line, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3",
                "1e",
                "abc",
                "2*X",
                "4*T*D*G",
                "TD",
                "4*(T",
                "4**T",
                "2T",
                "\"1,23\"",
                "SQRT(4)",
                "1e9999",
                "E"
            })
    void whatIsNeitherNumberNorFormulaIsRefused(String claimed) {
        assertRefused(
                "a,gpt2-xl,1024,total," + claimed + ",exact,",
                "claims.csv:2: claimed must be a number such as 2.706e11, or a formula in B, T, D, H, K, d, F, V, L"
                        + " such as 4*T*D*F: claimed=" + claimed.replace("\"", ""));
    }

    @Test
    void formulaTooLongToBeOneIsRefused() {
        String formula = "-".repeat(200) + "D";

        assertThatThrownBy(() -> ClaimsTesting.claims(GOOD.replace("1e3", formula)))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("claims.csv:2: claimed must be a number")
                .hasMessageEndingWith(formula);
    }

    @ParameterizedTest
    @CsvSource({"tootal", "growth.total", "growth.total@0", "growth.tootal@8", "width_exponent.x", "share.block"})
    void unknownQuantityIsRefusedWithThoseThatAreKnown(String quantity) {
        assertThatThrownBy(() -> ClaimsTesting.claims(GOOD.replace("total", quantity)))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("claims.csv:2: unknown quantity=" + quantity + "; known are parameters, ")
                .hasMessageContaining(", block.attn_scores, ")
                .hasMessageContaining("growth.QUANTITY@CONTEXT")
                .message()
                .hasLineCount(1);
    }

    @Test
    void secondClaimOfAnIdIsRefusedWithBothLines() {
        assertRefused(GOOD + "# a comment\n\n" + GOOD, "claims.csv:5: id is already on line 2: id=a");
    }

    @Test
    void lastLineNeedsNoLineEnd() {
        assertRefused(GOOD + "b,gpt2-xl", "claims.csv:3: must have 7 columns, has 2");
    }

    @Test
    void fileWithoutHeaderIsRefused() {
        assertThatThrownBy(() -> ClaimsFile.read("claims.csv", GOOD))
                .isInstanceOf(BadDataException.class)
                .hasMessage("claims.csv:1: the first line must be id,model,context,quantity,claimed,precision,parts:"
                        + " a,gpt2-xl,1024,total,1e3,1 digit,");
    }

    @Test
    void emptyFileIsRefused() {
        assertThatThrownBy(() -> ClaimsFile.read("claims.csv", "# nothing\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("claims.csv: is empty; the first line must be"
                        + " id,model,context,quantity,claimed,precision,parts");
    }

    @Test
    void fileWithNoClaimIsRefused() {
        assertRefused("# none yet\n", "claims.csv: has no claims");
    }

    @Test
    void quoteThatNeverEndsIsRefusedInOneLine() {
        assertThatThrownBy(() -> ClaimsTesting.claims("a,gpt2-xl,1024,total,\"1,000,exact,\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("claims.csv: not valid CSV: ")
                .message()
                .hasLineCount(1);
    }

    @Test
    void commentsSeparatorsAndSpacesAreRead() {
        List<Claim> claims = ClaimsTesting.claims("""
                # A comment, with a comma.
                whole, gpt2-xl , 1024, total, "1,234.5", exact, left + right
                left,gpt2-xl,1024,blocks,1e3,1 digit,
                right,gpt2-xl,16384,lm_head,2*T*D*V,12 digits,
                """);

        assertThat(claims)
                .containsExactly(
                        new Claim(
                                "claims.csv",
                                3,
                                "whole",
                                "gpt2-xl",
                                1024,
                                "total",
                                "1,234.5",
                                new Precision.Exact(),
                                List.of("left", "right")),
                        new Claim(
                                "claims.csv",
                                4,
                                "left",
                                "gpt2-xl",
                                1024,
                                "blocks",
                                "1e3",
                                new Precision.Digits(1),
                                List.of()),
                        new Claim(
                                "claims.csv",
                                5,
                                "right",
                                "gpt2-xl",
                                16384,
                                "lm_head",
                                "2*T*D*V",
                                new Precision.Digits(12),
                                List.of()));
    }

    private static void assertRefused(String lines, String message) {
        assertThatThrownBy(() -> ClaimsTesting.claims(lines))
                .isInstanceOf(BadDataException.class)
                .hasMessage(message);
    }
}
