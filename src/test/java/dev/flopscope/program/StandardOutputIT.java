package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A report that does not get where it should is no success. */
@Execution(ExecutionMode.CONCURRENT)
final class StandardOutputIT {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {">/dev/full", ">&-"})
    void standardOutputThatIsFullOrClosedExitsWith74(String redirection) throws Exception {
        Outcome outcome = Program.in(folder).redirected(redirection).run("account", TINY);
        assertThat(outcome.err()).isEqualTo("flopscope: standard output cannot be written\n");
        assertThat(outcome.exitCode()).isEqualTo(74);
    }
}
