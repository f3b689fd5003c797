package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.checkpoint.CheckpointLayout;
import dev.flopscope.checkpoint.CheckpointWriter;
import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Written checkpoints of every family that is executed, in several element types, tied or not, in one file or in three. */
final class WrittenCheckpointsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TOKENS = "5,17,42,9,33,8,1,60,12";

    /** The family, and the fixture whose config.json is taken. */
    private static final Map<String, String> FAMILIES = Map.ofEntries(
            Map.entry("gpt2", "gpt2-wide-tiny"),
            Map.entry("gpt_neox", "gpt-neox-tiny"),
            Map.entry("llama", "llama-tiny"),
            Map.entry("mistral", "llama-tiny"),
            Map.entry("qwen2", "qwen2-tiny"),
            Map.entry("qwen3", "qwen3-tiny"),
            Map.entry("phi3", "phi3-tiny"),
            Map.entry("gemma2", "gemma2-tiny"),
            Map.entry("gemma3_text", "gemma3-tiny"),
            Map.entry("mixtral", "mixtral-tiny"),
            Map.entry("qwen2_moe", "qwen2-moe-tiny"),
            Map.entry("qwen3_moe", "qwen3moe-tiny"),
            Map.entry("gpt_oss", "gpt-oss-tiny"),
            Map.entry("deepseek_v2", "deepseek-v2-tiny"),
            Map.entry("deepseek_v3", "deepseek-v3-tiny"),
            Map.entry("olmo2", "olmo2-tiny"));

    /** Families whose heads of queries each have a head of keys. */
    private static final List<String> EQUAL_HEADS = List.of("gpt2", "gpt_neox", "deepseek_v2", "deepseek_v3");

    @TempDir
    private Path folder = Path.of("");

    static Stream<Arguments> variants() {
        return FAMILIES.keySet().stream()
                .sorted()
                .flatMap(family -> Stream.of(
                        Arguments.of(family, false, false, new CheckpointWriter("F32", 1, 1)),
                        Arguments.of(
                                family,
                                true,
                                true,
                                family.length() % 2 == 0
                                        ? new CheckpointWriter("BF16", 3, 2)
                                        : new CheckpointWriter("F16", 2, 3))));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void itsCountsAgreeAndChunksGiveTheSameLogits(String family, boolean tied, boolean oneKey, CheckpointWriter writer)
            throws IOException {
        ObjectNode config = config(family).put("tie_word_embeddings", tied);
        if (oneKey && !EQUAL_HEADS.contains(family)) {
            config.put("num_key_value_heads", 1);
        }
        writer.write(folder, config);

        JsonNode parameters = json("account ./ --context 9").at("/accounts/0/parameters");
        long elements = CheckpointLayout.tensors(config).values().stream()
                .mapToLong(CheckpointWriter::elements)
                .sum();
        assertThat(parameters.at("/total").asLong()).isEqualTo(elements);

        JsonNode whole = logits("");
        JsonNode chunked = logits(" --chunk 4");
        assertThat(whole).hasSize(config.get("vocab_size").asInt());
        assertSame(whole, chunked);
    }

    @ParameterizedTest
    @MethodSource("families")
    void aTensorThatIsMissingOrOfAnotherShapeIsNamed(String family) throws IOException {
        ObjectNode config = config(family);
        Map<String, List<Long>> tensors = CheckpointLayout.tensors(config);
        List<String> names = List.copyOf(tensors.keySet());
        // A few of each family, as every refusal takes a run.
        for (String name : List.of(names.get(0), names.get(names.size() / 2), names.get(names.size() - 1))) {
            List<Long> shape = tensors.getOrDefault(name, List.of());
            Map<String, List<Long>> changed = new LinkedHashMap<>(tensors);
            changed.remove(name);
            requireRefused(config, changed, name, "is missing; its shape must be " + shape);
            List<Long> other = Stream.concat(
                            Stream.of(shape.get(0) + 1), shape.stream().skip(1))
                    .toList();
            changed.put(name, other);
            requireRefused(config, changed, name, "has shape " + other + "; it must be " + shape);
        }
    }

    static Stream<String> families() {
        return FAMILIES.keySet().stream().sorted();
    }

    private void requireRefused(JsonNode config, Map<String, List<Long>> tensors, String name, String what)
            throws IOException {
        new CheckpointWriter("F32", 1, 1).write(folder, config, tensors);
        Outcome outcome = InProcess.in(folder).run("run ./ --context 4");
        assertThat(outcome.exitCode()).as("%s: %s", name, outcome.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(outcome.err()).hasLineCount(1).endsWith("tensor " + name + " " + what + "\n");
    }

    private JsonNode json(String words) throws IOException {
        Outcome outcome = InProcess.in(folder).run(words + " --format json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode json = MAPPER.readTree(outcome.out());
        assertThat(json.at("/agrees").asBoolean(true)).as(words).isTrue();
        return json;
    }

    /** Logits of a run whose counts, and whose tensors in memory, agree with their closed forms. */
    private JsonNode logits(String options) throws IOException {
        JsonNode json = json("logits ./ --tokens " + TOKENS + options);
        assertThat(json.at("/agrees").asBoolean()).as(options).isTrue();
        return json.at("/last");
    }

    /** Sums in another order differ in their last bits. */
    private static void assertSame(JsonNode whole, JsonNode chunked) {
        double largest = 0;
        for (JsonNode logit : whole) {
            largest = Math.max(largest, Math.abs(logit.asDouble()));
        }
        assertThat(chunked).hasSameSizeAs(whole);
        for (int id = 0; id < whole.size(); id++) {
            assertThat(chunked.get(id).asDouble()).isCloseTo(whole.get(id).asDouble(), Offset.offset(1e-5 * largest));
        }
    }

    private static ObjectNode config(String family) throws IOException {
        Path fixture = Path.of("src/test/resources/fixtures", FAMILIES.getOrDefault(family, ""), "config.json");
        return ((ObjectNode) MAPPER.readTree(fixture.toFile())).put("model_type", family);
    }
}
