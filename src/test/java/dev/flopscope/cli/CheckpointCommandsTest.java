package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.checkpoint.SafetensorsBytes;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are given the folder of a checkpoint, or the name of a published model. */
final class CheckpointCommandsTest {
    private static final String FIXTURES =
            Path.of("src/test/resources/fixtures").toAbsolutePath() + "/";

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    private Outcome run(String commandLine) {
        return InProcess.in(folder).run(commandLine);
    }

    @Test
    void logitsOfAMixtureSayHowManyRowsEachExpertGot() throws Exception {
        JsonNode expected = mapper.readTree(
                Path.of(FIXTURES, "mixtral-tiny", "expected.json").toFile());
        String tokens = expected.get("tokens").toString().replaceAll("[\\[\\] ]", "");

        Outcome outcome = run("logits " + FIXTURES + "mixtral-tiny --tokens " + tokens + " --format json");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/command").asText()).isEqualTo("logits");
        assertThat(json.at("/tokens").asInt()).isEqualTo(26);
        assertThat(json.at("/vocab").asInt()).isEqualTo(112);
        assertThat(json.at("/last")).hasSize(112);
        assertThat(json.at("/argmax")).isEqualTo(expected.get("argmax"));
        assertThat(json.at("/tokens_per_expert")).isEqualTo(expected.get("tokens_per_expert"));
        assertThat(json.at("/agrees").asBoolean()).isTrue();
    }

    @Test
    void aRunReadsTheWeightsOfAFolder() throws Exception {
        Outcome outcome = run("run " + FIXTURES + "qwen3moe-tiny --format json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/model/num_experts").asInt()).isEqualTo(4);
        assertThat(json.at("/parameters/allocated")).isEqualTo(json.at("/parameters/total"));
    }

    @Test
    void aProofOfAPassWithAWeightThatIsNoNumberFails() throws Exception {
        Files.copy(Path.of(FIXTURES, "gpt2-tiny", "config.json"), folder.resolve("config.json"));
        byte[] stored = Files.readAllBytes(Path.of(FIXTURES, "gpt2-tiny", "model.safetensors"));
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        int data = Math.toIntExact(Long.BYTES + bytes.getLong(0));
        JsonNode header = mapper.readTree(stored, Long.BYTES, data - Long.BYTES);
        bytes.putFloat(data + header.at("/h.1.mlp.c_fc.weight/data_offsets/0").asInt(), Float.NaN);
        Files.write(folder.resolve("model.safetensors"), stored);

        Outcome sound = run("run " + FIXTURES + "gpt2-tiny --prove");
        assertThat(sound.exitCode()).as(sound.err()).isZero();
        assertThat(sound.out()).contains("PROVEN: ").doesNotContain("NOT PROVEN");

        Outcome outcome = run("run ./ --prove");
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(outcome.out()).contains("NOT PROVEN: ").contains("layers.1.ffn_up: not proven in ");
        JsonNode json = mapper.readTree(run("run ./ --prove --format json").out());
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/proof/failed").asInt()).isPositive();
        assertThat(json.at("/proof/failures/0").asText()).startsWith("layers.1.ffn_up: not proven in ");
        assertThat(json.at("/proof/largest_deviation").isMissingNode()).isTrue();
    }

    @Test
    void aSweepReadsTheWeightsOfAFolderAndGoesOnFromThere() throws Exception {
        String sweep =
                "sweep " + FIXTURES + "qwen2-tiny --context 4,8 --repetitions 1 --output ./a.json --output ./b.csv";
        assertThat(run(sweep).exitCode()).isZero();
        JsonNode rows = mapper.readTree(folder.resolve("a.json").toFile()).at("/rows");
        assertThat(rows).hasSize(2).allSatisfy(row -> {
            assertThat(row.at("/checkpoint").asText()).isEqualTo(FIXTURES + "qwen2-tiny");
            assertThat(row.at("/agrees").asBoolean()).isTrue();
        });
        assertThat(run(sweep + " --resume").err()).contains("2 of 2 rows are there");
        assertThat(run(sweep.replace("--output ./a.json", "") + " --resume").err())
                .contains("2 of 2 rows are there");

        Files.copy(Path.of(FIXTURES, "qwen2-tiny", "config.json"), folder.resolve("config.json"));
        Outcome none = run("sweep ./ --context 4 --repetitions 1");
        assertThat(none.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(none.err()).hasLineCount(1).contains("has no .safetensors file");
    }

    @Test
    void anAccountExplainsWhereEveryValueCameFrom() throws Exception {
        Outcome outcome = run("account " + FIXTURES + "gpt2-tiny --explain --format json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode settings = mapper.readTree(outcome.out()).at("/accounts/0/settings");
        assertThat(settings).anySatisfy(setting -> {
            assertThat(setting.at("/key").asText()).isEqualTo("intermediate_size");
            assertThat(setting.at("/origin").asText()).isEqualTo("4 * hidden_size");
        });
        assertThat(run("account llama-3-8b").out()).contains("8,030,261,248");
    }

    @Test
    void whatIsNotExecutedIsAccountedForAndRefusedByName() throws Exception {
        Files.writeString(folder.resolve("crossed.json"), """
                {"model_type": "gpt2", "n_layer": 1, "add_cross_attention": true}
                """);
        assertThat(run("account ./crossed.json").out()).contains("not executed").contains("cross-attention");
        Outcome outcome = run("run ./crossed.json --context 4");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(outcome.err())
                .isEqualTo("flopscope: crossed: models of type gpt2 are accounted for but not executed yet; missing:"
                        + " cross-attention\n");
    }

    /** Before memory is looked at: published folders of this type are larger in float32 than most machines. */
    @Test
    void weightsInMxfp4AreRefusedByName() throws Exception {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"gpt_oss\"}");
        String name = "model.layers.0.mlp.experts.down_proj";
        new SafetensorsBytes()
                .bytes(name + "_bias", "BF16", List.of(1), new byte[2])
                .bytes(name + "_blocks", "U8", List.of(1, 16), new byte[16])
                .bytes(name + "_scales", "U8", List.of(1), new byte[1])
                .write(folder.resolve("model.safetensors"));
        Outcome outcome = run("run ./ --context 4");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(outcome.err())
                .isEqualTo("flopscope: " + folder + ": tensor " + name + " is stored in MXFP4, as " + name
                        + "_blocks and " + name + "_scales; only F32, F16 and BF16 are read\n");
    }

    @Test
    void textIsRefusedWhereThereIsNoTokenizer() {
        Outcome outcome = InProcess.in(folder).reading("hello").run("run " + FIXTURES + "llama-tiny --text -");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(outcome.err()).contains("llama-tiny: the checkpoint has no tokenizer.json");
    }

    @Test
    void learnedPositionsEndWhereTheContextDoes() {
        Outcome outcome = run("run " + FIXTURES + "gpt2-tiny --context 21");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(outcome.err()).contains("context_length=20, tokens=21");
    }
}
