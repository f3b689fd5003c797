package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.machine.Cpu;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunIT {
    private static final String TINY =
            Path.of("src/test/resources/models/tiny.json").toAbsolutePath().toString();

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void gpt2SmallCountsEveryFlopOfItsClosedForm() throws Exception {
        Outcome outcome = Program.in(folder).run("run", "gpt2-small", "--format", "json");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/flops/counted").asLong()).isEqualTo(349_630_365_696L);
        assertThat(json.at("/flops/expected").asLong()).isEqualTo(349_630_365_696L);
        assertThat(json.at("/parameters/allocated").asLong()).isEqualTo(190_460_160L);
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/sites_checked").asInt()).isEqualTo(12 * 9 + 1);
        assertThat(json.at("/disagreements")).isEmpty();
        for (JsonNode site : json.at("/sites")) {
            assertThat(site.at("/counted").asLong())
                    .as(site.at("/kind").asText())
                    .isEqualTo(site.at("/expected").asLong())
                    .isEqualTo(2
                            * site.at("/calls_counted").asLong()
                            * site.at("/m").asLong()
                            * site.at("/k").asLong()
                            * site.at("/n").asLong());
        }
        double wall = json.at("/seconds/wall").asDouble();
        assertThat(json.at("/seconds/matmul").asDouble()
                        + json.at("/seconds/other").asDouble())
                .isCloseTo(wall, org.assertj.core.data.Offset.offset(1e-6));
        double named = json.at("/seconds/waiting").asDouble()
                + json.at("/seconds/unexplained").asDouble();
        for (JsonNode step : json.at("/steps")) {
            assertThat(step.at("/seconds").asDouble())
                    .as(step.at("/name").asText())
                    .isPositive();
            named += step.at("/seconds").asDouble();
        }
        assertThat(json.at("/steps")).hasSize(6);
        assertThat(named).isCloseTo(json.at("/seconds/other").asDouble(), org.assertj.core.data.Offset.offset(1e-6));
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
        List<Integer> prompt = new java.util.ArrayList<>(List.of(5, 17, 3));
        JsonNode decode = run("--tokens", "5,17,3", "--decode", "3").at("/decode");
        for (JsonNode id : decode.at("/ids/0")) {
            JsonNode next = run("--tokens", prompt.toString().replaceAll("[\\[\\] ]", ""))
                    .at("/next_token/0/token");
            assertThat(id).isEqualTo(next);
            prompt.add(id.asInt());
        }
        assertThat(decode.at("/from_caches").asBoolean()).isTrue();
    }

    @Test
    void textThatIsDecodedIsShown() throws Exception {
        Outcome outcome = Program.in(folder)
                .reading("Hello world")
                .run("run", TINY, "--text", "-", "--decode", "4", "--batch", "2", "--output", "decoded.json");
        assertThat(outcome.exitCode()).isZero();
        JsonNode decode = mapper.readTree(Files.readString(folder.resolve("decoded.json")))
                .at("/decode");
        assertThat(decode.at("/ids")).hasSize(2);
        assertThat(decode.at("/ids/0")).isEqualTo(decode.at("/ids/1")).hasSize(4);
        assertThat(outcome.out())
                .contains("which is \"")
                .contains("at each of 19 in decoding")
                .contains(" 2×4×6…");
        assertThat(outcome.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void textOnStandardInputIsTokenized() throws Exception {
        Outcome outcome = Program.in(folder).reading("Hello world").run("run", TINY, "--text", "-", "--format", "json");
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/context").asInt()).isEqualTo(2);
        assertThat(json.at("/next_token")).hasSize(5);
        Outcome sameIds = Program.in(folder).run("run", TINY, "--tokens", "15496,995", "--format", "json");
        assertThat(mapper.readTree(sameIds.out()).at("/next_token")).isEqualTo(json.at("/next_token"));
    }

    @Test
    void theSeedDecidesThePredictionsWhateverTheThreads() throws Exception {
        JsonNode one = predictions("--seed", "7", "--threads", "1");
        assertThat(predictions("--seed", "7", "--threads", "1")).isEqualTo(one);
        assertThat(predictions("--seed", "8", "--threads", "1")).isNotEqualTo(one);
        assertThat(tokens(predictions("--seed", "7", "--threads", "3"))).isEqualTo(tokens(one));
    }

    private JsonNode predictions(String... options) throws IOException, InterruptedException {
        return run(options).at("/next_token");
    }

    private static List<Integer> tokens(JsonNode predictions) {
        return StreamSupport.stream(predictions.spliterator(), false)
                .map(prediction -> prediction.at("/token").asInt())
                .toList();
    }

    @Test
    void sharedWeightsCountTheSameInLessMemoryAndSaySo() throws Exception {
        Outcome full = Program.in(folder).run("run", TINY, "--format", "json");
        Outcome shared = Program.in(folder)
                .run("run", TINY, "--weights", "shared", "--format", "json", "--output", "shared.txt");
        JsonNode one = mapper.readTree(full.out());
        JsonNode other = mapper.readTree(shared.out());
        assertThat(shared.exitCode()).isZero();
        assertThat(other.at("/flops")).isEqualTo(one.at("/flops"));
        assertThat(one.at("/parameters/allocated")).isEqualTo(one.at("/parameters/total"));
        assertThat(other.at("/parameters/allocated").asLong())
                .isEqualTo(one.at("/parameters/total").asLong()
                        - one.at("/parameters/block").asLong());
        assertThat(Files.readString(folder.resolve("shared.txt"))).contains("SHARED");
    }

    @Test
    void everyAlgorithmOfAttentionAgreesAndPredictsTheSame() throws Exception {
        JsonNode full = run("--attention", "full");
        JsonNode tiled = run("--tile", "5x3");
        JsonNode causal = run("--attention", "causal", "--tile", "5x3");
        for (JsonNode json : List.of(full, tiled, causal)) {
            assertThat(json.at("/agrees").asBoolean()).isTrue();
            assertThat(tokens(json.at("/next_token"))).isEqualTo(tokens(full.at("/next_token")));
        }
        assertThat(tiled.at("/flops")).isEqualTo(full.at("/flops"));
        // 16 tokens in query tiles of 5, 5, 5, 1 see 2, 4, 5 and 6 key tiles of 3: 6, 12, 15 and 16 keys.
        long scores = 5 * 6 + 5 * 12 + 5 * 15 + 16;
        assertThat(causal.at("/components/attention_products").asLong()).isEqualTo(2 * 2 * 2 * 4 * 4 * scores);
        assertThat(causal.at("/convention").asText()).contains("skips");
    }

    private JsonNode run(String... options) throws IOException, InterruptedException {
        List<String> arguments = new java.util.ArrayList<>(List.of("run", TINY, "--format", "json"));
        arguments.addAll(List.of(options));
        return mapper.readTree(
                Program.in(folder).run(arguments.toArray(String[]::new)).out());
    }

    @Test
    void everyOutputIsWrittenInTheFormatOfItsEnding() throws Exception {
        Outcome outcome = Program.in(folder)
                .run(
                        "run",
                        TINY,
                        "--context",
                        "24",
                        "--format",
                        "md",
                        "--output",
                        "a.json",
                        "--output",
                        "a.csv",
                        "--output",
                        "a.txt",
                        "--output",
                        "a.md");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .isEqualTo(Files.readString(folder.resolve("a.md")))
                .contains("| q\\_proj |");
        assertThat(mapper.readTree(folder.resolve("a.json").toFile())
                        .at("/context")
                        .asInt())
                .isEqualTo(24);
        assertThat(Files.readAllLines(folder.resolve("a.csv")))
                .hasSize(11)
                .first()
                .asString()
                .startsWith("model,");
        String text = Files.readString(folder.resolve("a.txt"));
        assertThat(text)
                .contains("longer than the model's context_length of 16")
                .contains("AGREES");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void theKernelIsAvx512WhereTheCpuHasItUnlessTheUserNamesAnother() throws Exception {
        Assumptions.assumeTrue(Cpu.detect().hasAvx512(), "this CPU has no AVX-512, so there is no kernel to choose");
        assertThat(kernel(Program.in(folder))).isEqualToIgnoringCase("SkylakeX");
        assertThat(kernel(Program.in(folder).with("OPENBLAS_CORETYPE", "HASWELL")))
                .isEqualToIgnoringCase("Haswell");
    }

    private String kernel(Program program) throws IOException, InterruptedException {
        return mapper.readTree(program.run("hardware", "--engine", "openblas", "--no-measure", "--format", "json")
                        .out())
                .at("/blas_kernel")
                .asText();
    }
}
