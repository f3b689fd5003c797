package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The program with a fault in its passes, compiled from its own source with one line changed: it must exit with 1. */
@Execution(ExecutionMode.CONCURRENT)
final class MiscountIT {
    private static final Path SOURCES = Path.of("src/main/java/dev/flopscope/backend/cpu");

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    /** The pass before is sound, so the fault is decoding's alone: both products in both layers. */
    @Test
    void aDecodedTokenThatSeesOnePositionLessIsNamed() throws Exception {
        plantOnePositionLess();
        Outcome outcome = faulty("run", TINY, "--tokens", "5,17,3", "--decode", "2", "--output", "report.json");
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
        assertThat(outcome.out()).contains("DISAGREES");
        JsonNode json = mapper.readTree(folder.resolve("report.json").toFile());
        assertThat(json.at("/phases/0/disagreements")).isEmpty();
        assertThat(json.at("/phases/0/flops/counted")).isEqualTo(json.at("/phases/0/flops/expected"));
        JsonNode decode = json.at("/phases/1");
        assertThat(decode.at("/agrees").asBoolean(true)).isFalse();
        assertThat(decode.at("/disagreements")).hasSize(4);
        // Each key/value head is a product with its 2 query heads, (2×4)·(4×t): t should be 4 and 5.
        assertThat(decode.at("/disagreements/0").asText())
                .isEqualTo("layers.0.attn_scores: counted 224 FLOPs, expected 288, factor 0.77778;"
                        + " products: 2 of 2×4×3, 2 of 2×4×4; expected 2 of 2×4×4, 2 of 2×4×5");
        // For each token, layer and key/value head a key, a value, 2 scores and 2 weights less: 2·2·2·12 floats.
        assertThat(decode.at("/bytes_counted").asLong()).isEqualTo(6_871_368);
        assertThat(decode.at("/bytes").asLong()).isEqualTo(6_871_752);
    }

    /** A prompt in chunks: the last of 5 tokens is alone, and its chunk is faulty, while the chunks of 2 before it are sound. */
    @Test
    void aChunkOfOneTokenThatSeesOnePositionLessIsNamed() throws Exception {
        plantOnePositionLess();
        Outcome outcome = faulty("run", TINY, "--tokens", "5,17,3,1,9", "--chunk", "2", "--format", "json");
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/agrees").asBoolean(true)).isFalse();
        assertThat(json.at("/phases/0/disagreements")).hasSize(4);
        assertThat(json.at("/phases/0/disagreements/0").asText())
                .isEqualTo("layers.0.attn_scores: counted 512 FLOPs, expected 544, factor 0.94118;"
                        + " products: 4 of 2×4×2, 6 of 2×4×4; expected 4 of 2×4×2, 4 of 2×4×4, 2 of 2×4×5");
    }

    @Test
    void aHeadThatIsLeftOutIsNamedByRunAndSweep() throws Exception {
        plant(
                "FullAttention.java",
                "for (Head head : plan.heads()) {",
                "for (Head head : plan.heads().subList(1, plan.heads().size())) {");
        Outcome run = faulty("run", TINY, "--attention", "full", "--format", "json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        JsonNode json = mapper.readTree(run.out());
        assertThat(json.at("/agrees").asBoolean(true)).isFalse();
        assertThat(json.at("/phases/0/disagreements")).hasSize(4);
        assertThat(json.at("/phases/0/disagreements/0").asText())
                .contains("layers.0.attn_scores", "factor 0.75", "3 of 16×4×16");

        Outcome sweep = faulty("sweep", TINY, "--attention", "full,tiled", "--repetitions", "1");
        assertThat(sweep.exitCode()).as(sweep.err()).isEqualTo(1);
        assertThat(sweep.out()).contains("DISAGREES: tiny, batch 1, context 16", "DISAGREES: 1 row of 2.");
    }

    /** Attention of one token of each sequence leaves out the first of the positions that it sees. */
    private void plantOnePositionLess() throws IOException {
        plant(
                "TiledAttention.java",
                "int seen = Math.min(end, operands.window());",
                "int seen = Math.min(end, operands.window()) - 1;");
    }

    private Outcome faulty(String... arguments) throws IOException, InterruptedException {
        return Program.in(folder).patched(folder.resolve("classes")).run(arguments);
    }

    /** Compiles a class of the program with {@code instead} in the place of {@code line}. */
    private void plant(String file, String line, String instead) throws IOException {
        String sound = Files.readString(SOURCES.resolve(file));
        assertThat(sound).containsOnlyOnce(line);
        Path source = Files.writeString(folder.resolve(file), sound.replace(line, instead));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        Boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-encoding",
                                "UTF-8",
                                "-cp",
                                "target/flopscope.jar",
                                "-d",
                                folder.resolve("classes").toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
    }
}
