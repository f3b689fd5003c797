package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two of the cases that {@code BadInputTest} has in a table, as a shell sees them. */
@Execution(ExecutionMode.CONCURRENT)
final class BadInputIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void anUnknownCommandExitsWithTwo() throws Exception {
        Outcome outcome = Program.in(folder).run("frobnicate");
        assertThat(outcome.err())
                .contains("frobnicate")
                .startsWith("flopscope: ")
                .hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    /** Names of files count from the folder that the program was started in. */
    @Test
    void anOutputThatCannotBeCreatedExitsWith73() throws Exception {
        Files.createDirectory(folder.resolve("folder.json"));
        Outcome outcome = Program.in(folder).run("run", TINY, "--output", "folder.json");
        assertThat(outcome.err())
                .startsWith("flopscope: folder.json: ")
                .contains("it is a folder")
                .hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(73);
        assertThat(outcome.out()).isEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }
}
