package dev.flopscope.cli;

import static dev.flopscope.cli.ProfileChecks.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.cli.InProcess.Outcome;
import dev.flopscope.machine.LastLevelCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code run --decode}, {@code profile --decode}, and {@code compare} of what decoded. Whatever decodes measures the machine
 * first, which takes seconds, so all look at one run and one profile of the same prompt.
 */
final class DecodingTest {
    private static final TinyReports TINY_REPORTS = new TinyReports();

    /** "Hello world" in GPT-2's tokens. */
    private static final String HELLO_WORLD = "15496,995";

    @TempDir
    private static Path folder = Path.of("");

    private static Outcome run = new Outcome(-1, "", "");
    private static Outcome profile = new Outcome(-1, "", "");

    private final ObjectMapper mapper = new ObjectMapper();

    @BeforeAll
    static void decode() {
        run = InProcess.in(folder)
                .reading("Hello world")
                .run("run TINY --text - --batch 2 --decode 3 --output ./run.json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        profile = InProcess.in(folder)
                .run("profile TINY --tokens " + HELLO_WORLD + " --batch 2 --decode 3 --repetitions 3"
                        + " --output ./a.json --output ./a.csv --output ./a.html --trace ./trace.json");
        assertThat(profile.exitCode()).as(profile.err()).isZero();
    }

    private JsonNode saved(String file) throws IOException {
        return mapper.readTree(folder.resolve(file).toFile());
    }

    /** Every token that is decoded is the likeliest after a prompt that ends with those before it. */
    @Test
    void decodedTokensAreThoseThatPassesOverLongerPromptsPredict() throws Exception {
        JsonNode decode = saved("run.json").at("/phases/1");
        String prompt = HELLO_WORLD;
        for (JsonNode id : decode.at("/ids/0")) {
            assertThat(id)
                    .isEqualTo(TINY_REPORTS.of("--batch 2 --tokens " + prompt).at("/next_token/0/token"));
            prompt += "," + id.asInt();
        }
        // Some virtual machines hide their caches, and then nothing is known to fit them.
        boolean told =
                LastLevelCache.bytes(Runtime.getRuntime().availableProcessors()).isPresent();
        assertThat(decode.at("/from_caches").asBoolean()).isEqualTo(told);
    }

    @Test
    void textThatIsDecodedIsShown() throws Exception {
        JsonNode decode = saved("run.json").at("/phases/1");
        assertThat(decode.at("/ids")).hasSize(2);
        assertThat(decode.at("/ids/0")).isEqualTo(decode.at("/ids/1")).hasSize(3);
        assertThat(run.out())
                .contains("which is \"")
                .contains("at each of 19 in decoding")
                .contains(" 2×4×5…");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void textOnStandardInputIsTokenized() throws Exception {
        JsonNode json = saved("run.json");
        assertThat(json.at("/context").asInt()).isEqualTo(2);
        assertThat(json.at("/next_token")).hasSize(5);
        assertThat(TINY_REPORTS.of("--batch 2 --tokens " + HELLO_WORLD).at("/next_token"))
                .isEqualTo(json.at("/next_token"));
    }

    /** 807,952 parameters are read for each token of each sequence, and each of 4 heads of 4 sees 3 to 5 positions. */
    @Test
    void profiledDecodingsAgreeInEveryRepetition() throws Exception {
        assertThat(profile.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(profile.out().replaceAll("\\s+", " "))
                .contains("Decoding 3 tokens, hotspots", "and at each of 19 in each of 3 decodings, 9,698,496 FLOPs");
        JsonNode decode = saved("a.json").at("/phases/1");
        long weights = 2 * (2 * 16 * 16 + 2 * 16 * 8 + 3 * 16 * 24) + 50_257L * 16;
        long positions = 3 + 4 + 5;
        long flops = 2 * (3 * 2 * weights + 4 * 2 * 16 * positions);
        assertThat(decode.at("/flops/counted").asLong())
                .isEqualTo(decode.at("/flops/expected").asLong())
                .isEqualTo(sum(decode.at("/by_site"), "counted"))
                .isEqualTo(flops);
        assertThat(decode.at("/agrees").asBoolean()).isTrue();
        assertThat(saved("a.json").at("/memory/kv_cache_bytes").asLong()).isEqualTo(2L * 2 * 2 * 5 * 2 * 4 * 4);
        decode.at("/by_site").forEach(ProfileChecks::assertMedianOfThree);
        decode.at("/steps_between").forEach(ProfileChecks::assertMedianOfThree);
        assertThat(ProfileChecks.addedUp(decode.at("/tree")))
                .isCloseTo(decode.at("/seconds/wall").asDouble() * 1e9, within(1.0));
        assertThat(decode.at("/ids")).isEqualTo(saved("run.json").at("/phases/1/ids"));
    }

    /** Where all tiles are of one size, as with so short a prompt, all products of a site are of the shape that it shows. */
    @Test
    void theProfiledPassBeforeDecodingHasTheProductsOfItsShapes() throws Exception {
        JsonNode sites = saved("a.json").at("/phases/0/by_site");
        assertThat(sites).hasSize(2 * 9 + 1);
        for (JsonNode site : sites) {
            assertThat(site.at("/counted").asLong())
                    .isEqualTo(2
                            * site.at("/calls_counted").asLong()
                            * site.at("/m").asLong()
                            * site.at("/k").asLong()
                            * site.at("/n").asLong());
        }
    }

    @Test
    void profiledDecodingsAreWrittenInEveryFormat() throws Exception {
        JsonNode json = saved("a.json");
        assertThat(Files.readAllLines(folder.resolve("a.csv"))).hasSize(1 + 2 * 10);
        assertThat(ProfileChecks.figures(Files.readString(folder.resolve("a.html")))
                        .at("/phases/1/sites"))
                .isEqualTo(json.at("/phases/1/sites"));
        assertThat(StreamSupport.stream(saved("trace.json").at("/traceEvents").spliterator(), false)
                        .mapToLong(event -> event.at("/args/flops").asLong())
                        .sum())
                .as("every repetition of the prompt and of what is decoded after it")
                .isEqualTo(3
                        * (json.at("/phases/0/flops/counted").asLong()
                                + json.at("/phases/1/flops/counted").asLong()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "site"})
    void decodingIsCompared(String by) throws Exception {
        Files.writeString(folder.resolve("b.json"), Files.readString(folder.resolve("a.json")));
        Outcome both = InProcess.in(folder)
                .run("compare ./a.json ./b.json --by " + by + " --output ./report.json --output ./report.csv");
        assertThat(both.exitCode()).isZero();
        assertThat(both.out())
                .contains("Decoding, B against A", "decoding takes ")
                .doesNotContain("left out");
        assertThat(both.out().lines()).allMatch(line -> line.length() <= 80);
        JsonNode rows = saved("report.json").at("/rows");
        assertThat(rows).anyMatch(row -> row.at("/kind").asText().equals("decode q_proj"));
        assertThat(rows.get(rows.size() - 1).at("/kind").asText()).isEqualTo("decode");
        assertThat(Files.readAllLines(folder.resolve("report.csv")))
                .anyMatch(line -> line.startsWith("decode lm_head,"));
    }

    @Test
    void decodingIsLeftOutWhereOneResultDidNotDecode() throws Exception {
        ObjectNode passOnly = (ObjectNode) saved("a.json");
        ((ArrayNode) passOnly.at("/phases")).remove(1);
        Files.writeString(folder.resolve("c.json"), mapper.writeValueAsString(passOnly));
        Outcome one = InProcess.in(folder).run("compare ./a.json ./c.json");
        assertThat(one.exitCode()).isZero();
        assertThat(one.out())
                .contains("decode.steps 3 → none", "left out")
                .doesNotContain("Decoding, B against A", "decoding takes");
    }
}
