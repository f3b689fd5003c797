package dev.flopscope.program;

import static dev.flopscope.cli.RecordingChecks.assertHoldsTheProductsOf;
import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.TraceRules;
import dev.flopscope.program.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Java's own flight recorder, and a Java that has none. */
@Execution(ExecutionMode.CONCURRENT)
final class RecordingIT {
    @TempDir
    private Path folder = Path.of("");

    /** What a user gets who knows nothing of our options. */
    @Test
    void javasOwnRecorderSeesEveryProductWithNoOptionOfOurs() throws Exception {
        // Java says on standard output that it records, so the report is read from a file.
        Outcome outcome = Program.in(folder)
                .with("JAVA_TOOL_OPTIONS", "-XX:StartFlightRecording:filename=own.jfr")
                .run("run", TINY, "--output", "own.json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(folder.resolve("own.json").toFile());
        assertHoldsTheProductsOf(report, RecordingFile.readAllEvents(folder.resolve("own.jfr")), 1);
    }

    @Test
    void aJavaWithoutTheFlightRecorderRunsAndRefusesToRecord() throws Exception {
        Program program =
                Program.in(folder).with("JAVA_TOOL_OPTIONS", "--limit-modules=java.se,jdk.unsupported,jdk.management");
        assertThat(program.run("run", TINY, "--trace", "a.json").exitCode()).isZero();
        assertThat(TraceRules.brokenBy(TraceRules.read(Files.readAllBytes(folder.resolve("a.json")))))
                .isEmpty();
        Outcome outcome = program.run("run", TINY, "--jfr", "a.jfr");
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err())
                .endsWith("flopscope: a.jfr: this Java runtime has no JDK Flight Recorder (module jdk.jfr)\n");
        assertThat(outcome.out()).isEmpty();
        assertThat(folder.resolve("a.jfr")).doesNotExist();
    }
}
