package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --decode}. */
final class DecodeIT {
    private static final TinyReports TINY_REPORTS = new TinyReports();

    /** "Hello world" in GPT-2's tokens. */
    private static final String HELLO_WORLD = "15496,995";

    @TempDir
    private static Path folder = Path.of("");

    private static Outcome text = new Outcome(-1, "", "");

    private final ObjectMapper mapper = new ObjectMapper();

    /** Ceilings are measured for each run that decodes, which takes its time; so tests of text share one. */
    @BeforeAll
    static void decodeText() throws Exception {
        text = Program.in(folder)
                .reading("Hello world")
                .run("run", TINY, "--text", "-", "--decode", "3", "--batch", "2", "--output", "text.json");
        assertThat(text.exitCode()).as(text.err()).isZero();
    }

    private JsonNode textReport() throws IOException {
        return mapper.readTree(folder.resolve("text.json").toFile());
    }

    /** 151,843,584 parameters are read for each token, and each of 12 heads sees 1,025 positions and more. */
    @Test
    void gpt2SmallDecodes32TokensByTheirClosedForm() throws Exception {
        Outcome outcome = Program.in(folder).run("run", "gpt2-small", "--decode", "32", "--format", "json");
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/flops/counted").asLong()).isEqualTo(349_630_365_696L);
        assertThat(json.at("/memory/kv_cache_bytes").asLong()).isEqualTo(2L * 12 * 1024 * 768 * 4);
        JsonNode decode = json.at("/decode");
        long weights = 12 * (4 * 768 * 768 + 3 * 768 * 3072) + 50_257L * 768;
        long positions = 32 * 1024 + 32 * 33 / 2;
        long flops = 32 * 2 * weights + 4 * 12 * 768 * positions;
        assertThat(decode.at("/flops/counted").asLong()).isEqualTo(flops);
        assertThat(decode.at("/flops/expected").asLong()).isEqualTo(flops);
        assertThat(decode.at("/bytes").asLong())
                .isEqualTo(decode.at("/bytes_expected").asLong())
                .isGreaterThan(32 * 4 * weights);
        assertThat(decode.at("/kv_cache_bytes").asLong()).isEqualTo(2L * 12 * 1056 * 768 * 4);
        assertThat(decode.at("/agrees").asBoolean()).isTrue();
        assertThat(decode.at("/disagreements")).isEmpty();
        assertThat(decode.at("/token_seconds")).hasSize(32);
        assertThat(decode.at("/ids")).hasSize(1);
        assertThat(decode.at("/ids/0")).hasSize(32);
        assertThat(decode.at("/ids/0/0")).isEqualTo(json.at("/next_token/0/token"));
        assertThat(decode.at("/seconds/wall").asDouble()).isPositive();
        assertThat(decode.at("/ceilings/roofline/memory/bytes_per_second").asLong())
                .isPositive();
    }

    /** Every token that is decoded is the likeliest after a prompt that ends with those before it. */
    @Test
    void decodedTokensAreThoseThatPassesOverLongerPromptsPredict() throws Exception {
        JsonNode decode = textReport().at("/decode");
        String prompt = HELLO_WORLD;
        for (JsonNode id : decode.at("/ids/0")) {
            assertThat(id)
                    .isEqualTo(
                            TINY_REPORTS.of("--tokens", prompt, "--batch", "2").at("/next_token/0/token"));
            prompt += "," + id.asInt();
        }
        assertThat(decode.at("/from_caches").asBoolean()).isTrue();
    }

    @Test
    void textThatIsDecodedIsShown() throws Exception {
        String out = text.out();
        JsonNode decode = textReport().at("/decode");
        assertThat(decode.at("/ids")).hasSize(2);
        assertThat(decode.at("/ids/0")).isEqualTo(decode.at("/ids/1")).hasSize(3);
        assertThat(out)
                .contains("which is \"")
                .contains("at each of 19 in decoding")
                .contains(" 2×4×5…");
        assertThat(out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void textOnStandardInputIsTokenized() throws Exception {
        JsonNode json = textReport();
        assertThat(json.at("/context").asInt()).isEqualTo(2);
        assertThat(json.at("/next_token")).hasSize(5);
        assertThat(TINY_REPORTS.of("--tokens", HELLO_WORLD, "--batch", "2").at("/next_token"))
                .isEqualTo(json.at("/next_token"));
    }
}
