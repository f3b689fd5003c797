package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
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
        // How long it takes depends on the machine's caches: after some seconds there are lines about that, and nothing
        // else.
        assertThat(outcome.err().lines()).allMatch(line -> line.startsWith("flopscope: ceilings: "));
        assertThat(outcome.out()).contains("multiply-adds", "Roofline", "STREAM");
        assertThat(outcome.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(Files.readString(folder.resolve("all.md"))).contains("| threads |  | multiply-adds | large |");

        JsonNode json = mapper.readTree(folder.resolve("all.json").toFile());
        assertThat(json.at("/engine/threads").asInt()).isEqualTo(2);
        assertThat(json.at("/rooflines").findValuesAsText("threads")).containsExactly("1", "2");
        for (JsonNode ceiling : json.at("/ceilings")) {
            requireRoofAbove(
                    ceiling, json.at("/rooflines/" + (ceiling.at("/threads").asInt() - 1)));
        }
        assertThat(json.at("/ceilings").findValuesAsText("shape_class"))
                .containsExactly("large", "attention", "skinny", "vector", "large", "attention", "skinny", "vector");
        assertThat(Files.readAllLines(folder.resolve("all.csv")))
                .hasSize(1 + 2 * 8)
                .startsWith("threads,ceiling,shape_class,m,k,n,unit,median,best,samples,steady")
                .anyMatch(line -> line.startsWith("2,multiply-adds,,,,,GFLOP/s,"
                        + json.at("/ceilings/8/median").asText() + ","));
    }

    private static void requireRoofAbove(JsonNode ceiling, JsonNode roofline) {
        double roof = ceiling.at("/unit").asText().equals("GB/s")
                ? roofline.at("/bytes_per_second").asDouble() / 1e9
                : roofline.at("/gflops_per_second").asDouble();
        assertThat(ceiling.at("/best").asDouble()).isPositive().isLessThanOrEqualTo(roof + 1e-6);
    }

    @Test
    void nothingIsMeasuredIfNothingIsToBe() throws Exception {
        Outcome outcome = InProcess.in(folder).run("hardware --no-measure --threads 3 --output ./it.json");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("BLAS", "kernel").doesNotContain("Roofline", "GFLOP");
        JsonNode json = mapper.readTree(folder.resolve("it.json").toFile());
        assertThat(json.at("/ceilings")).isEmpty();
        assertThat(json.at("/engine/threads").asInt()).isEqualTo(3);
        assertThat(json.at("/machine/cpu").asText()).isNotBlank();
    }
}
