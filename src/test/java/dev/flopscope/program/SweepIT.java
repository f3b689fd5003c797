package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sweep that is told to stop. */
@Execution(ExecutionMode.CONCURRENT)
final class SweepIT {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "KILL, 137"})
    void aStoppedSweepKeepsTheRowsItHas(String signal, int exitCode) throws Exception {
        Process process = Program.in(folder)
                .start(
                        "sweep",
                        TINY,
                        "--context",
                        "4-1000",
                        "--repetitions",
                        "1",
                        "--format",
                        "csv",
                        "--output",
                        "sweep.json");
        try (BufferedReader rows = process.inputReader(StandardCharsets.UTF_8)) {
            // The header and two rows: each is saved before it is printed.
            for (int line = 0; line < 3; line++) {
                assertThat(rows.readLine()).isNotNull();
            }
            Program.send(signal, process);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitCode);
        } finally {
            process.destroyForcibly();
        }
        JsonNode json = new ObjectMapper().readTree(folder.resolve("sweep.json").toFile());
        assertThat(json.at("/rows").size()).isGreaterThanOrEqualTo(2);
        assertThat(json.at("/complete").asBoolean()).isFalse();
        assertThat(json.at("/rows/1/context").asInt()).isEqualTo(5);
    }
}
