package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.cli.InProcess.Outcome;
import dev.flopscope.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sweep}. */
final class SweepCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    private Outcome sweep(String options) {
        return InProcess.in(folder).run("sweep TINY " + options);
    }

    private JsonNode saved(String file) throws IOException {
        return mapper.readTree(folder.resolve(file).toFile());
    }

    @Test
    void everyCombinationHasARowAndTheCountsAgree() throws Exception {
        Outcome outcome =
                sweep("--context 4-16*2 --batch 1,2 --attention full,causal --threads 1 --repetitions 2 --format json"
                        + " --output ./sweep.json --output ./sweep.csv");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        Schemas.hold(json);
        assertThat(json.at("/rows")).isEqualTo(saved("sweep.json").at("/rows"));
        assertThat(json.at("/complete").asBoolean()).isTrue();
        assertThat(json.at("/rows")).hasSize(3 * 2 * 2);
        for (JsonNode row : json.at("/rows")) {
            assertThat(row.at("/agrees").asBoolean()).isTrue();
            assertThat(row.at("/flops/counted")).isEqualTo(row.at("/flops/expected"));
            assertThat(row.at("/seconds/samples")).hasSize(2);
        }
        // Of account: 16 tokens, whole heads.
        assertThat(json.at("/rows/2/context").asInt()).isEqualTo(16);
        assertThat(json.at("/rows/2/flops/counted").asLong()).isEqualTo(25_887_232L);
        assertThat(json.at("/exponents")).hasSize(4);
        assertThat(json.at("/exponents/0/counted/exponent").asDouble()).isBetween(1.0, 1.01);
        assertThat(Files.readAllLines(folder.resolve("sweep.csv"))).hasSize(1 + 12);
    }

    @Test
    void aResumedSweepMeasuresWhatIsMissingAndSaysWhatItDoesNotTrust() throws Exception {
        sweep("--context 4,8,16 --repetitions 1 --output ./sweep.json");
        ObjectNode before = (ObjectNode) saved("sweep.json");
        ((ObjectNode) before.at("/rows/1/engine")).put("kernel", "Elsewhere");
        Files.writeString(folder.resolve("sweep.json"), before.toString());

        Outcome outcome = sweep("--context 4,8,16,32 --repetitions 1 --output ./sweep.json --resume --format csv");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines()).hasSize(1 + 4);
        assertThat(outcome.err().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("2 of 4 rows are there"),
                        line -> assertThat(line).contains("context 8", "kernel Elsewhere", "; measuring it on"));
        JsonNode after = saved("sweep.json");
        assertThat(after.at("/rows")).hasSize(5);
        for (int row = 0; row < 3; row++) {
            assertThat(after.at("/rows/" + row)).isEqualTo(before.at("/rows/" + row));
        }
        assertThat(after.at("/rows/3/context").asInt()).isEqualTo(8);
        assertThat(after.at("/rows/4/context").asInt()).isEqualTo(32);
    }

    @Test
    void aTileHoldsForAlgorithmsThatHaveOneAndTellsRowsApart() throws Exception {
        Outcome outcome = sweep("--attention full,causal --tile 5x3 --repetitions 1 --output ./sweep.json");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains(" full ", " causal 5×3 ");
        JsonNode full = saved("sweep.json").at("/rows/0");
        JsonNode causal = saved("sweep.json").at("/rows/1");
        assertThat(full.at("/attention/query_tile").asInt()).isEqualTo(16);
        assertThat(full.at("/flops/counted").asLong()).isEqualTo(25_887_232L);
        assertThat(causal.at("/attention/query_tile").asInt()).isEqualTo(5);
        assertThat(causal.at("/attention/key_tile").asInt()).isEqualTo(3);
        // As a run of the same: 2 layers, 4 heads, d = 4; of 16·16 scores, 5·6 + 5·12 + 5·15 + 16 are left.
        assertThat(causal.at("/flops/counted").asLong()).isEqualTo(25_887_232L - 2 * 2 * 2 * 4 * 4 * (256 - 181));

        Outcome resumed =
                sweep("--attention causal --tile 4x4 --repetitions 1 --output ./sweep.json --resume --format csv");
        assertThat(resumed.exitCode()).isZero();
        assertThat(resumed.err()).contains("0 of 1 rows are there").hasLineCount(1);
        assertThat(resumed.out()).contains(",causal,4,4,");
        assertThat(saved("sweep.json").at("/rows")).hasSize(3);
    }

    @Test
    void whatDoesNotFitIsSkippedAndTheRestGoesOn() throws Exception {
        Outcome outcome = sweep("--context 20000000,4 --repetitions 1 --output ./sweep.csv");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).hasLineCount(1).contains("skipped tiny", "GiB");
        assertThat(outcome.out()).contains("skipped", "SKIPPED: tiny, batch 1, context 20000000", "in 1 row.");
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
        List<String> lines = Files.readAllLines(folder.resolve("sweep.csv"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).contains("GiB");

        Outcome nothing = sweep("--context 20000000 --format json");
        assertThat(nothing.exitCode()).isEqualTo(70);
        assertThat(mapper.readTree(nothing.out()).at("/rows/0/skipped").asText())
                .contains("GiB");
    }
}
