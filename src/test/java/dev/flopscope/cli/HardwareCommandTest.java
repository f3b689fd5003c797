package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hardware}. */
final class HardwareCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void ceilingsAreMeasuredForEachNumberOfThreadsAndWrittenInEveryFormat() throws Exception {
        Outcome outcome = InProcess.in(folder)
                .run("hardware --threads 2 --output ./all.json --output ./all.csv --output ./all.md");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("multiply-adds", "Roofline", "STREAM");
        assertThat(outcome.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(Files.readString(folder.resolve("all.md"))).contains("| threads |  | multiply-adds | large |");

        JsonNode json = mapper.readTree(folder.resolve("all.json").toFile());
        assertThat(json.at("/threads").asInt()).isEqualTo(2);
        assertThat(json.at("/ceilings").findValuesAsText("threads")).containsExactly("1", "2");
        for (JsonNode ceilings : json.at("/ceilings")) {
            requireRoofsAboveAll(ceilings);
        }
        assertThat(Files.readAllLines(folder.resolve("all.csv")))
                .startsWith("key,value")
                .contains("ceilings.1.threads,2")
                .contains("ceilings.0.fused_multiply_add.gflops_per_second,"
                        + json.at("/ceilings/0/fused_multiply_add/gflops_per_second")
                                .asText());
    }

    private static void requireRoofsAboveAll(JsonNode ceilings) {
        double compute = ceilings.at("/roofline/compute/gflops_per_second").asDouble();
        List<JsonNode> rates = ceilings.findValues("best_gflops_per_second");
        assertThat(rates)
                .hasSize(5)
                .allSatisfy(rate -> assertThat(rate.asDouble()).isPositive().isLessThanOrEqualTo(compute));
        double memory = ceilings.at("/roofline/memory/bytes_per_second").asDouble();
        List<JsonNode> bandwidths = ceilings.findValues("best_bytes_per_second");
        assertThat(bandwidths)
                .hasSize(3)
                .allSatisfy(rate -> assertThat(rate.asDouble()).isPositive().isLessThanOrEqualTo(memory));
        assertThat(ceilings.at("/products").findValuesAsText("class"))
                .containsExactly("large", "attention", "skinny", "vector");
    }

    @Test
    void nothingIsMeasuredIfNothingIsToBe() throws Exception {
        Outcome outcome = InProcess.in(folder).run("hardware --no-measure --threads 3 --output ./it.json");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("BLAS", "kernel").doesNotContain("Roofline", "GFLOP");
        JsonNode json = mapper.readTree(folder.resolve("it.json").toFile());
        assertThat(json.at("/ceilings").isArray()).isTrue();
        assertThat(json.at("/ceilings")).isEmpty();
        assertThat(json.at("/threads").asInt()).isEqualTo(3);
        assertThat(json.at("/cpu").asText()).isNotBlank();
    }
}
