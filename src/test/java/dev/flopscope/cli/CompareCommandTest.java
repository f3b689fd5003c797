package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare}. */
final class CompareCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    /** As {@code profile} writes it: the second of two kinds takes {@code factor} times as long as usual. */
    private void save(String file, String kernel, double factor) throws IOException {
        ObjectNode json = (ObjectNode)
                mapper.readTree(GoldenFile.FOLDER.resolve("input/before.json").toFile());
        ((ObjectNode) json.at("/engine")).put("kernel", kernel);
        ((ObjectNode) json.at("/machine")).put("memory_available_bytes", Math.round(1e9 * factor));
        json.remove("calibration_gflops_per_second_samples");
        ((ObjectNode) json.at("/model")).put("name", "m");
        json.put("context", 8);
        ((ArrayNode) json.at("/phases")).remove(1);
        ObjectNode phase = (ObjectNode) json.at("/phases/0");
        phase.putObject("flops").put("expected", 3000).put("counted", 3000);
        phase.remove("steps_between");
        ArrayNode sites = phase.putArray("sites");
        ArrayNode bySite = phase.putArray("by_site");
        for (String kind : List.of("q_proj", "ffn_up")) {
            double slowness = kind.equals("ffn_up") ? factor : 1;
            ObjectNode site = sites.addObject().put("kind", kind).put("counted", kind.equals("q_proj") ? 1000 : 2000);
            samples(site.put("seconds", slowness).putArray("samples"), slowness);
            samples(
                    bySite.addObject()
                            .put("kind", kind)
                            .put("layer", 0)
                            .put("counted", 1000)
                            .put("seconds", slowness)
                            .putArray("samples"),
                    slowness);
        }
        ((ObjectNode) phase.at("/seconds")).put("wall", 1 + factor);
        samples(phase.putArray("wall_samples"), 1 + factor);
        Files.writeString(folder.resolve(file), mapper.writeValueAsString(json));
    }

    private static void samples(ArrayNode samples, double seconds) {
        for (double noise : new double[] {1, 0.99, 1.01, 1.005, 0.995, 1.002}) {
            samples.add(seconds * noise);
        }
    }

    @Test
    void theKindThatIsSlowerIsNamedWithTheKernelThatChanged() throws Exception {
        save("before.json", "SkylakeX", 1);
        save("after.json", "Haswell", 1.5);
        Outcome outcome =
                InProcess.in(folder).run("compare ./before.json ./after.json --fail-above 5% --output ./report.json");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("engine.kernel SkylakeX → Haswell", "SLOWER: the pass takes 1.250 times as long")
                .contains("Slower: ffn_up × 1.500.", "FAILS", "for the same FLOPs")
                .doesNotContain("memory_available");
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
        JsonNode json = mapper.readTree(folder.resolve("report.json").toFile());
        assertThat(json.at("/verdict").asText()).isEqualTo("slower");
        assertThat(json.at("/rows/0/verdict").asText()).isEqualTo("equal");
        assertThat(json.at("/rows/1/verdict").asText()).isEqualTo("slower");
        assertThat(json.at("/rows/1/work_factor").asDouble()).isEqualTo(1);
        assertThat(json.at("/fail_above/slow_down").asText()).isEqualTo("shown");
        assertThat(json.at("/differences/0/key").asText()).isEqualTo("engine.kernel");
        assertThat(json.at("/differences")).hasSize(1);

        Outcome again = InProcess.in(folder).run("compare ./before.json ./after.json --format json");
        assertThat(again.exitCode()).isZero();
        JsonNode second = mapper.readTree(again.out());
        assertThat(second.at("/rows")).isEqualTo(json.at("/rows"));
    }

    @Test
    void sitesAreComparedOneByOneAndAFasterResultPassesTheGate() throws Exception {
        save("before.json", "Haswell", 1.5);
        save("after.json", "Haswell", 1);
        Outcome outcome =
                InProcess.in(folder).run("compare ./before.json ./after.json --by site --fail-above 5 --format csv");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines().toList())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("pass,,3000,3000,") && line.endsWith(",faster"))
                .anyMatch(line -> line.startsWith("q_proj,0,1000,1000,") && line.endsWith(",equal"))
                .anyMatch(line -> line.startsWith("ffn_up,0,1000,1000,") && line.endsWith(",faster"));
    }

    @Test
    void singleRunsShowTheirWorkApartButGetNoVerdict() throws Exception {
        run("--attention full --output ./full.json");
        run("--attention causal --tile 4x4 --output ./causal.json");
        Outcome outcome = InProcess.in(folder).run("compare ./full.json ./causal.json --format json");
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/comparable").asBoolean()).isTrue();
        assertThat(json.at("/verdict").asText()).isEqualTo("cannot tell");
        assertThat(json.at("/pass/interval").isMissingNode()).isTrue();
        // 16 tokens in tiles of 4: 10 of 16 tiles remain.
        assertThat(json.at("/rows/3/kind").asText()).isEqualTo("attn_scores");
        assertThat(json.at("/rows/3/work_factor").asDouble()).isEqualTo(0.625);
        assertThat(json.at("/rows/0/work_factor").asDouble()).isEqualTo(1);

        Outcome gate = InProcess.in(folder).run("compare ./full.json ./causal.json --fail-above 5%");
        assertThat(gate.exitCode()).isEqualTo(1);
        assertThat(gate.out()).contains("too few to tell", "cannot be told");
    }

    @Test
    void anotherContextDoesNotCompare() throws Exception {
        save("long.json", "Haswell", 1);
        save("short.json", "Haswell", 1);
        Path file = folder.resolve("short.json");
        Files.writeString(file, Files.readString(file).replace("\"context\":8", "\"context\":4"));
        Outcome outcome = InProcess.in(folder).run("compare ./long.json ./short.json --fail-above 50%");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).contains("NOT COMPARABLE", "context 8 → 4");
    }

    /** Results leave out what is as usual. */
    @Test
    void whatAResultLeavesOutIsNamed() throws Exception {
        run("--output ./usual.json");
        run("--logits last --chunk 4 --output ./other.json");
        Outcome outcome = InProcess.in(folder).run("compare ./usual.json ./other.json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out().replaceAll("\\s+", " ")).contains("logits all → last", "chunk whole prompt → 4");
    }

    private void run(String options) {
        Outcome outcome = InProcess.in(folder).run("run TINY " + options);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
}
