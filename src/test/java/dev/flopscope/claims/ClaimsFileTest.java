package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
            quoteCharacter = '`',
            value = {
                "abc | 'a' is unexpected at character 1; the letters are B T G D H K d F V L E k N",
                "2T | 'T' is unexpected at character 2",
                "4*(T | a ( is not closed",
                "\"1,23\" | ',' is unexpected at character 2",
            })
    void whatIsNeitherNumberNorFormulaIsRefused(String claimed, String problem) {
        assertRefused(
                "a,gpt2-xl,1024,total," + claimed + ",exact,",
                "claims.csv:2: claimed must be a number such as 2.706e11 or a formula such as 4*T*D*F, but " + problem
                        + ": claimed=" + claimed.replace("\"", ""));
    }

    @Test
    void whatIsRefusedIsShownInOneShortLineWithoutControlCharacters() {
        assertRefused(
                "a,gpt2-xl,1024,total," + "-".repeat(200) + "D,exact,",
                "claims.csv:2: claimed must be a number such as 2.706e11 or a formula such as 4*T*D*F, but it has more"
                        + " than 200 characters: claimed=" + "-".repeat(60) + "…");
        assertRefused(
                "a,gpt2-xl,1024,total,\"2\n\u001b[1m3\",exact,",
                "claims.csv:3: claimed must be one line without control characters: claimed=2 [1m3");
        assertRefused(
                "\"a\u001b[1m\",gpt2-xl,1024,total,1,exact,",
                "claims.csv:2: id must be one line without control characters: id=a [1m");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The capital of France is | it lacks id",
                "id,model,context,quantity,claimed | it lacks precision",
                "id,model,Context,quantity,claimed,precision | it lacks context",
            })
    void firstLineThatLacksAColumnIsRefused(String header, String problem) {
        assertThatThrownBy(() -> ClaimsFile.read("claims.csv", header + "\n" + GOOD))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        "claims.csv:1: the first line must have the columns id,model,context,quantity,claimed,precision"
                                + " and may have parts; " + problem + ": " + header);
    }

    @Test
    void columnThatOccursTwiceIsRefused() {
        assertThatThrownBy(
                        () -> ClaimsFile.read("claims.csv", "id,model,context,quantity,claimed,precision,id\n" + GOOD))
                .isInstanceOf(BadDataException.class)
                .hasMessage("claims.csv:1: a column occurs twice: id,model,context,quantity,claimed,precision,id");
    }

    @Test
    void columnsMayStandInAnyOrderAmongOthersAndPartsMayBeMissing() {
        List<Claim> claims = ClaimsFile.read(
                "claims.csv",
                "\uFEFFcause,precision,claimed,id,model,quantity,context\n\"a, b\",3 digits,7.92,w,gpt2-xl,weights.gib,8\n");

        assertThat(claims)
                .containsExactly(new Claim(
                        "claims.csv", 2, "w", "gpt2-xl", 8, "weights.gib", "7.92", new Precision.Digits(3), List.of()));
    }

    @Test
    void emptyFileIsRefused() {
        assertThatThrownBy(() -> ClaimsFile.read("claims.csv", "# nothing\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("claims.csv: is empty; the first line must have the columns"
                        + " id,model,context,quantity,claimed,precision and may have parts");
    }

    @Test
    void modelIsTheFileBesideTheClaimsOrElseWhatItIsCalled(@TempDir Path folder) throws IOException {
        Path beside = Files.createFile(folder.resolve("model.json"));
        Files.createDirectory(folder.resolve("gpt2-xl"));
        String file = folder.resolve("claims.csv").toString();

        assertThat(claim(file, "model.json").modelToFind()).isEqualTo(beside.toString());
        assertThat(claim(file, "other.json").modelToFind()).isEqualTo("other.json");
        assertThat(claim(file, "gpt2-xl").modelToFind()).isEqualTo("gpt2-xl");
        assertThat(claim(file, beside.toString()).modelToFind()).isEqualTo(beside.toString());
        assertThat(claim("claims.csv", "a\0b").modelToFind()).isEqualTo("a\0b");
    }

    @Test
    void statementsAreClaimsOfOneModel() {
        List<Claim> claims = ClaimsFile.statements(
                "--claim",
                "gpt2-xl",
                8,
                List.of("lm_head = 2*T*D*V", "total=3.5e11 to 2 digits", "  lm_head  =  1 to 1 digit  "));

        assertThat(claims)
                .containsExactly(
                        statement(1, "lm_head", "lm_head", "2*T*D*V", new Precision.Exact()),
                        statement(2, "total", "total", "3.5e11", new Precision.Digits(2)),
                        statement(3, "lm_head#2", "lm_head", "1", new Precision.Digits(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "total 5 | --claim: must be QUANTITY = NUMBER or QUANTITY = FORMULA, such as 'lm_head = 2*T*D*V': total 5",
                "= 5 | --claim: must be QUANTITY = NUMBER or QUANTITY = FORMULA, such as 'lm_head = 2*T*D*V': = 5",
                "total = | --claim:1: claimed is missing",
                "total = 5 to 0 digits | --claim:1: precision must be \"exact\" or a number of digits such as \"3 digits\": precision=0 digits",
                "total = 55 to 1 digit | --claim:1: claimed has more than 1 significant digits: claimed=55",
                "total = a = b | --claim:1: claimed must be a number such as 2.706e11 or a formula such as 4*T*D*F, but 'a' is unexpected at character 1; the letters are B T G D H K d F V L E k N: claimed=a = b",
            })
    void statementThatIsNoneIsRefused(String statement, String message) {
        assertThatThrownBy(() -> ClaimsFile.statements("--claim", "gpt2-xl", 8, List.of(statement)))
                .isInstanceOf(BadDataException.class)
                .hasMessage(message);
    }

    private static Claim claim(String file, String model) {
        return new Claim(file, 2, "a", model, 8, "total", "1", new Precision.Exact(), List.of());
    }

    private static Claim statement(int line, String id, String quantity, String claimed, Precision precision) {
        return new Claim("--claim", line, id, "gpt2-xl", 8, quantity, claimed, precision, List.of());
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
