package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.checkpoint.CheckpointLayout;
import dev.flopscope.checkpoint.CheckpointReading;
import dev.flopscope.checkpoint.CheckpointWriter;
import dev.flopscope.program.Program.Outcome;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint of LLaMA's block in three files, one layer of it in bfloat16 or, with {@code -Plarge}, two billion parameters: it
 * is loaded and run, and the time is printed beside that of reading the files once.
 */
final class LargeCheckpointIT {
    private static final int LAYERS = Integer.getInteger("large.layers", 1);
    private static final String TYPE = System.getProperty("large.type", "BF16");
    private static final int D = LAYERS == 1 ? 256 : 2_560;
    private static final int FF = 4 * D;
    private static final int V = 32_000;
    private static final int SHARDS = 3;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void checkpointLoadsAndItsCountsAgree() throws Exception {
        ObjectNode config = new ObjectMapper()
                .createObjectNode()
                .put("model_type", "llama")
                .put("vocab_size", V)
                .put("hidden_size", D)
                .put("intermediate_size", FF)
                .put("num_hidden_layers", LAYERS)
                .put("num_attention_heads", D / 64)
                .put("tie_word_embeddings", false);
        long parameters = CheckpointLayout.tensors(config).values().stream()
                .mapToLong(CheckpointWriter::elements)
                .sum();
        new CheckpointWriter(TYPE, SHARDS, 1).write(folder, config);

        long start = System.nanoTime();
        long read = CheckpointReading.once(folder);
        double reading = (System.nanoTime() - start) / 1e9;
        Outcome outcome = Program.in(folder).run("run", folder.toString(), "--context", "16", "--format", "json");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.at("/parameters/allocated").asLong()).isEqualTo(parameters);
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        System.out.printf(
                Locale.ROOT,
                "%,d parameters, %,d bytes: read once from the page cache in %.2f s, loaded in %.2f s, prepared in %.2f s, peak %,d bytes%n",
                parameters,
                read,
                reading,
                json.at("/loading_seconds").asDouble(),
                json.at("/preparation_seconds").asDouble(),
                json.at("/peak_resident_bytes").asLong());
    }
}
