package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that go on: of a copy of a fixture of 160 tokens, so that what is put beside its weights is the test's. */
final class GenerateCommandTest {
    private static final Path FIXTURE = Path.of("src/test/resources/fixtures/qwen2-tiny");
    private static final Path TOKENIZER = Path.of("src/test/resources/tokenizers/bytes.json");

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @BeforeEach
    void copy() throws Exception {
        try (Stream<Path> files = Files.list(FIXTURE)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private Outcome run(String options) {
        return InProcess.in(folder).run("generate ./ " + options);
    }

    private JsonNode json(String options) throws Exception {
        Outcome outcome = run(options + " --format json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return mapper.readTree(outcome.out());
    }

    private List<Integer> ids(JsonNode json) {
        List<Integer> ids = new ArrayList<>();
        json.at("/ids").forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    /** The likeliest token after a prompt is what a pass over the whole text so far says, for every token. */
    @Test
    void everyTokenIsTheOneThatAPassOverTheWholeTextSays() throws Exception {
        JsonNode json = json("--tokens 5,17,42,9 --decode 6");
        List<Integer> text = new ArrayList<>(List.of(5, 17, 42, 9));
        for (int id : ids(json)) {
            String so = String.join(",", text.stream().map(String::valueOf).toList());
            JsonNode logits = mapper.readTree(InProcess.in(folder)
                    .run("logits ./ --tokens " + so + " --format json")
                    .out());
            assertThat(id).isEqualTo(logits.at("/argmax").get(text.size() - 1).asInt());
            text.add(id);
        }
        assertThat(text).hasSize(10);
        assertThat(json.at("/stop").asText()).isEqualTo("length");
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/decode/tokens").asInt()).isEqualTo(6);
        assertThat(json.at("/decode/flops/counted")).isEqualTo(json.at("/decode/flops/expected"));
    }

    /** A token that comes the first time is made the one that ends texts: the closed forms are those of what is left. */
    @Test
    void aTextEndsBeforeTheTokenThatEndsIt() throws Exception {
        List<Integer> free = ids(json("--tokens 5,17,42,9 --decode 6 --temperature 5 --seed 3"));
        int before = IntStream.range(1, free.size())
                .filter(i -> !free.subList(0, i).contains(free.get(i)))
                .findFirst()
                .orElseThrow();
        int end = free.get(before);
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [158, " + end + "]}");

        JsonNode ended = json("--tokens 5,17,42,9 --decode 6 --temperature 5 --seed 3");
        JsonNode shorter = json("--tokens 5,17,42,9 --temperature 5 --seed 3 --ignore-eos --decode " + before);

        assertThat(ids(ended)).isEqualTo(free.subList(0, before));
        assertThat(ended.at("/stop").asText()).isEqualTo("end");
        assertThat(ended.at("/agrees").asBoolean()).isTrue();
        assertThat(ended.at("/decode/flops")).isEqualTo(shorter.at("/decode/flops"));
        assertThat(ids(json("--tokens 5,17,42,9 --decode 6 --temperature 5 --seed 3 --ignore-eos")))
                .isEqualTo(free);
    }

    @Test
    void aTextThatEndsAtOnceHasNoTokensAndNoDecoding() throws Exception {
        int end = ids(json("--tokens 5,17,42,9 --decode 1")).get(0);
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": " + end + "}");

        JsonNode json = json("--tokens 5,17,42,9");

        assertThat(json.at("/ids")).isEmpty();
        assertThat(json.at("/stop").asText()).isEqualTo("end");
        assertThat(json.has("decode")).isFalse();
        assertThat(run("--tokens 5,17,42,9").out()).contains("AGREES", "a token that ends a text came next");
    }

    @Test
    void theContextEndsATextToo() throws Exception {
        JsonNode json = json("--tokens 5,17,42,9");
        assertThat(json.at("/ids")).hasSize(36);
        assertThat(json.at("/stop").asText()).isEqualTo("context");

        String whole = "1" + ",1".repeat(39);
        Outcome full = run("--tokens " + whole);
        assertThat(full.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(full.err()).contains("no room in the context: context_length=40, tokens=40");
    }

    @Test
    void textGoesThroughTheCheckpointsOwnTokenizer() throws Exception {
        Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
        JsonNode json = json("--prompt !!$% --decode 3 --temperature 1");
        assertThat(json.at("/prefill/tokens").asInt()).isEqualTo(5);
        assertThat(json.at("/text").asText()).isNotEmpty();

        Outcome outcome = run("--prompt !!$% --decode 3 --temperature 1 --output ./a.md");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("tokens/s");
        assertThat(Files.readString(folder.resolve("a.md"))).contains("Text: ");
        assertThat(InProcess.in(folder)
                        .run("run ./ --prompt !!$% --format json")
                        .out())
                .contains("\"context\" : 5");
    }

    @Test
    void aTokenizerWithMoreTokensThanTheModelIsNamed() throws Exception {
        Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
        Outcome outcome = run("--prompt hello");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(outcome.err()).hasLineCount(1).contains("token id 261 is not in", "vocab_size=160");
    }

    @Test
    void whatIsNotWellFormedBesideTheWeightsIsNamed() throws Exception {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": \"end\"}");
        Outcome ends = run("--tokens 1");
        assertThat(ends.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(ends.err()).hasLineCount(1).contains("generation_config.json: eos_token_id must be a token id");

        Files.writeString(folder.resolve("generation_config.json"), "{");
        assertThat(run("--tokens 1").err()).hasLineCount(1).contains("generation_config.json: is not valid JSON");

        Files.delete(folder.resolve("generation_config.json"));
        Files.writeString(folder.resolve("tokenizer.json"), "[]");
        Outcome tokenizer = run("--prompt hello");
        assertThat(tokenizer.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(tokenizer.err()).hasLineCount(1).contains("tokenizer.json: is no tokenizer: ");
    }
}
