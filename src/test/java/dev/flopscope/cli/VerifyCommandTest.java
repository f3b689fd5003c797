package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.claims.Quantities;
import dev.flopscope.cli.InProcess.Outcome;
import dev.flopscope.run.BlindSelfTest;
import dev.flopscope.schema.Schemas;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code verify}. */
final class VerifyCommandTest {
    private static final String HEADER = "id,model,context,quantity,claimed,precision,parts\n";
    private static final Path CLAIMS = Path.of("src/test/resources/claims").toAbsolutePath();

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void quickRunsTheSmallModelAndJudgesEveryPublishedClaim() throws Exception {
        Outcome outcome = InProcess.in(folder).run("verify --quick --format json");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/accounts")).hasSize(1);
        assertThat(json.at("/accounts/0/flops/counted").asLong()).isEqualTo(349_630_365_696L);
        JsonNode scores = StreamSupport.stream(json.at("/claims").spliterator(), false)
                .filter(claim -> claim.at("/id").asText().equals("xl.block.attn_scores"))
                .findFirst()
                .orElseThrow();
        assertThat(scores.at("/actual").asLong()).isEqualTo(3_355_443_200L);
        assertThat(scores.at("/factor").asDouble()).isEqualTo(2);
        assertThat(scores.at("/holds").asBoolean()).isFalse();
        assertThat(scores.at("/explanations/0").asText()).contains("both products of attention");
    }

    @Test
    void ownClaimsThatHoldExitWithZero() throws Exception {
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,block.attn_scores,2*H*T*T*d,exact,\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("1 of 1 claims hold");
    }

    @Test
    void anOwnClaimThatIsOffExitsWithOne() throws Exception {
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,block.feed_forward,4*T*D*F,exact,\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv --output ./verdict.csv");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).contains("two feed-forward");
        assertThat(Files.readAllLines(folder.resolve("verdict.csv"))).hasSize(2);
    }

    @Test
    void aBadClaimsFileNamesItsLine() throws Exception {
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,colour,1,exact,\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(outcome.exitCode()).isEqualTo(65);
        assertThat(outcome.err())
                .startsWith("flopscope: ./own.csv:2")
                .contains("colour")
                .hasLineCount(1);
        Outcome missing = InProcess.in(folder).run("verify --claims ./missing.csv");
        assertThat(missing.exitCode()).isEqualTo(65);
        assertThat(missing.err()).contains("missing.csv: does not exist").hasLineCount(1);
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt9,1024,total,1,exact,\n");
        Outcome unknown = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(unknown.exitCode()).isEqualTo(65);
        assertThat(unknown.err()).contains("own.csv:2").contains("gpt9").hasLineCount(1);
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,total,9^9^9,exact,\n");
        Outcome endless = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(endless.exitCode()).isEqualTo(65);
        assertThat(endless.err())
                .isEqualTo(
                        "flopscope: ./own.csv:2: claimed=9^9^9 has no value: a number in it has more than 1,000 digits\n");
    }

    @Test
    void modelsMayLieBesideTheClaimsFile() {
        Outcome off = InProcess.in(CLAIMS).run("verify --claims ./off.csv");
        assertThat(off.exitCode()).isEqualTo(1);
        assertThat(off.out()).contains("0 of 20 claims hold.");
        Outcome holding = InProcess.in(CLAIMS).run("verify --claims ./holding.csv");
        assertThat(holding.exitCode()).isZero();
        assertThat(holding.out()).contains("11 of 11 claims hold.").doesNotContain("OFF");
    }

    @Test
    void summaryComesFirstThenWhatIsOffThenWhatHoldsWithin80Columns() throws Exception {
        Files.writeString(
                folder.resolve("own.csv"),
                HEADER + "good,gpt2-xl,1024,lm_head,2*T*D*V,exact,\ncut,gpt2-xl,1024,share.blocks,96.3,3 digits,\n"
                        + "rounded,gpt2-xl,1024,share.blocks,96.4,3 digits,\n"
                        + "off,gpt2-xl,1024,total,1e12,exact,good+cut\nwhole,gpt2-xl,1024,lm_head,164682137600,exact,cut\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv --output ./page.html --output ./page.md");
        assertThat(outcome.out()).isEqualTo("""
                Verification
                ════════════

                3 of 5 claims hold.

                Claims that are off
                 claim  claimed             actual  verdict
                ────────────────────────────────────────────
                 cut       96.3            96.3512  CUT OFF
                 off       1e12  4,513,336,524,800  OFF

                cut  cut off rather than rounded: to 3 digits it is 96.4, to 4 digits 96.35,
                     which may be rounded either way
                off  off by factor 0.22157, and no known convention gives it, and is not the sum
                     of its parts as claimed (164,682,137,696.3, factor 0.16468)

                Claims that hold, exactly or rounded to their digits
                 claim            claimed           actual
                ───────────────────────────────────────────
                 good     164,682,137,600  164,682,137,600
                 rounded             96.4          96.3512
                 whole    164,682,137,600  164,682,137,600

                good   claimed as 2*T*D*V
                whole  holds, but is not the sum of its parts as claimed (96.3, factor
                       0.00000000058476)

                Where the formulas hold, and which passes were executed for the claims:

                good  right at all sizes; executed at T 2, D 3, V 9, and every count is as the
                      closed forms say

                Counted: matrix products only; a multiply-add is 2 FLOPs; attention is dense,
                T×T, masked after the product.
                """);
        assertThat(Files.readString(folder.resolve("page.md")))
                .contains("| cut | 96.3 | 96.3512 | CUT OFF |")
                .contains("- good: claimed as 2\\*T\\*D\\*V");
        assertThat(Files.readString(folder.resolve("page.html")))
                .contains("<th scope=\"row\">cut</th><td class=\"number\">96.3</td>")
                .contains(
                        "<td class=\"verdict bad\">CUT OFF</td><td class=\"prose\">cut off rather than rounded: to 3 digits it is 96.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lm_head=2*T*D*V | 0 | 1 of 1 claims hold.",
                "parameters=N | 0 | 1 of 1 claims hold.",
                "parameters=2.127e9 | 0 | 1 of 1 claims hold.",
                "parameters=2127000000 | 1 | 2,127,000,000  2,127,057,600",
                "parameters=2.128e9 | 1 | OFF",
                "total=2.257e12 | 1 | a multiply-add counted as 1",
                "weights.gb=8.508 | 0 | 1 of 1 claims hold.",
                "total=4513336524800 | 0 | 1 of 1 claims hold.",
                "total=L*(24*T*D^2+4*T^2*D)+2*T*D*V | 1 | feed-forward products counted, where the model has three",
                "total=-2^2 | 1 | claimed as -2^2",
                "parameters=1e-999 | 1 | off by more than 15 orders of magnitude",
                "parameters=10^1000 | 1 | 1E+1000",
            })
    void statementIsCheckedOnTheCommandLine(String claim, int exitCode, String said) {
        Outcome outcome = InProcess.in(folder).run("verify gpt2-xl --claim " + claim);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).contains(said).doesNotContain("executed models");
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void passesAreExecutedWhereTermsAreApartWhereTheClaimBreaksAndAtTheClaimedSize() throws Exception {
        Files.writeString(
                folder.resolve("tiny.json"),
                "{\"vocab_size\": 11, \"context_length\": 8, \"num_layers\": 2, \"d_model\": 8, \"num_heads\": 2, \"d_ff\": 12}");
        Outcome outcome = InProcess.in(folder)
                .run("verify ./tiny.json --decode 3 --format json --claim decode.lm_head=2*G^2*D*V --claim total=1");
        assertThat(outcome.err()).isEmpty();
        JsonNode json = mapper.readTree(outcome.out());
        Schemas.hold(json);
        JsonNode formula = json.at("/claims/0");
        assertThat(formula.at("/polynomials/differences/0").asText())
                .isEqualTo("it has a factor G too many: 2·G²·D·V where 2·G·D·V belongs");
        assertThat(formula.at("/polynomials/breaks_at/letters").toString()).isEqualTo("{\"D\":1,\"G\":2,\"V\":1}");
        assertThat(formula.at("/polynomials/breaks_at/claimed").asInt()).isEqualTo(8);
        assertThat(formula.at("/polynomials/breaks_at/actual").asInt()).isEqualTo(4);
        assertThat(formula.findValuesAsText("purpose")).containsExactly("terms_apart", "breaks", "claimed");
        assertThat(json.at("/claims/1").has("polynomials")).isFalse();
        assertThat(json.at("/claims/1").findValuesAsText("purpose")).containsExactly("claimed");
        assertThat(json.findValuesAsText("agrees")).hasSize(4).containsOnly("true");
    }

    @Test
    void statementsMayBeRepeatedAndHaveBlanksAndAContext() {
        StringWriter out = new StringWriter();
        int exitCode = Main.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
                .execute(
                        "verify",
                        "gpt2-small",
                        "--claim",
                        "total = L*(8*T*D^2+6*T*D*F+4*T^2*D) + 2*T*D*V",
                        "--context",
                        "2048",
                        "--claim",
                        "total = 7.77e11 to 3 digits",
                        "--claim",
                        "kv_cache_bytes = 2*L*D*T*4",
                        "--format",
                        "csv");
        assertThat(out.toString().lines())
                .element(3, InstanceOfAssertFactories.STRING)
                .startsWith("kv_cache_bytes,gpt2-small,2048,kv_cache_bytes,150994944,150994944,true");
        assertThat(out.toString()).contains("total#2,gpt2-small,2048,total");
        assertThat(exitCode).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt2-xl --claim total=0/0 | 2 | --claim:1: claimed=0/0 has no value: division by zero",
                "gpt2-xl --claim total=1 --claim total=(0-8)^0.5 | 2 | --claim:2: claimed=(0-8)^0.5 has no value: an exponent must be a whole number",
                "gpt2-xl --claim total=1.1^-999999999 | 2 | --claim:1: claimed=1.1^-999999999 has no value: a number in it has more than 1,000 digits",
                "gpt2-xl --claim total=2*X | 2 | --claim:1: claimed must be a number",
                "gpt2-xl --claim colour=1 | 2 | --claim:1: unknown quantity=colour; known are",
                "gpt2-xl --claim total | 2 | --claim: must be QUANTITY = NUMBER or QUANTITY = FORMULA",
                "gpt2-xl --claim growth.total@999999999=1 | 2 | --claim:1: growth.total@999999999 has no value",
                "--claim total=1 | 2 | --claim needs a MODEL",
                "gpt2-xl | 2 | MODEL and --context belong to --claim, which is missing",
                "--decode 8 | 2 | --batch and --decode belong to --claim, which is missing",
                "gpt2-xl --decode 9999999 --claim total=1 | 2 | --claim:1: there must be at most 1048576 chunks",
                "gpt2-xl --batch 0 --claim total=1 | 2 | Invalid value for option '--batch'",
                "--context 8 | 2 | MODEL and --context belong to --claim, which is missing",
                "gpt2-xl --claim total=1 --claims ./own.csv | 2 | --claim and --claims exclude each other",
                "--self-test --quick | 2 | --self-test excludes MODEL, --context, --batch, --decode, --claim,",
                "--self-test gpt2-xl | 2 | --self-test excludes MODEL",
                "--self-test gpt2-xl --claim total=1 | 2 | --self-test excludes MODEL",
                "--self-test --claims ./own.csv | 2 | --self-test excludes MODEL",
                "--self-test --context 8 | 2 | --self-test excludes MODEL",
                "gpt9 --claim total=1 | 2 | unknown model 'gpt9'",
                "gpt2-xl --context 0 --claim total=1 | 2 | Invalid value for option '--context'",
                "gpt2-xl --context 2147483647 --claim total=1 | 65 | gpt2-xl: a count exceeds 2^63-1",
                "./own.json --claim total=1 | 65 | ./own.json: key \"vocab_size\" is missing",
            })
    void whatCannotBeCheckedIsRefusedInOneLine(String arguments, int exitCode, String message) throws Exception {
        Files.writeString(folder.resolve("own.json"), "{\"d_model\": 8}");
        Outcome outcome = InProcess.in(folder).run("verify " + arguments);
        assertThat(outcome.err()).startsWith("flopscope: " + message).hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void selfTestNoticesEveryFaultInEveryFormat() throws Exception {
        Outcome outcome = InProcess.in(folder)
                .run(
                        "verify --self-test --threads 2 --output ./t.json --output ./t.csv --output ./t.md --output ./t.html");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("All 15 planted faults are noticed, and nothing is where there is no fault.")
                .doesNotContain("UNNOTICED");
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
        JsonNode json = mapper.readTree(folder.resolve("t.json").toFile());
        assertThat(json.at("/self_test/sound").asBoolean()).isTrue();
        assertThat(json.at("/self_test/noticed").asInt()).isEqualTo(15);
        assertThat(json.at("/self_test/faults/0/notices/0/line").asText())
                .startsWith("layers.1.ffn_down: counted 0 FLOPs, expected 4,080");
        assertThat(json.at("/runs_agree").asBoolean()).isTrue();
        assertThat(json.at("/accounts/0/flops/counted")).isEqualTo(json.at("/accounts/0/flops/expected"));
        assertThat(Files.readAllLines(folder.resolve("t.csv")))
                .hasSize(16)
                .first()
                .isEqualTo("fault,place,check,noticed_by,verdict,line");
        assertThat(Files.readString(folder.resolve("t.md"))).contains("| gate skipped | above the count | counts |");
        assertThat(Files.readString(folder.resolve("t.html"))).contains("<td class=\"verdict good\">NOTICED</td>");
    }

    @Test
    void selfTestWithAFaultThatNothingNoticesNamesItAndExitsWithOne() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new VerifyCommand(BlindSelfTest::of))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("--self-test", "--threads", "1");
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString())
                .contains("FAILED: 1 of 2 planted faults is not noticed by the check that must.")
                .contains("UNNOTICED: " + BlindSelfTest.NAME + ", by counts.");
    }

    @Test
    void helpListsEveryQuantityAndLetter() {
        String help = InProcess.in(folder).run("verify --help").out();
        assertThat(help.split("[\\s:]+"))
                .contains(Quantities.meanings().keySet().toArray(String[]::new));
        assertThat(help).contains("  N  all parameters").contains("total                       FLOPs of the pass");
        assertThat(help.lines().skip(60)).allMatch(line -> line.length() <= 80);
    }
}
