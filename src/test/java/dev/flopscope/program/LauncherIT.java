package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * {@code scripts/flopscope}, from any folder. It is a copy beside a link to the jar, with sources that are older than it: the
 * script in its own place would build the jar again wherever a source was saved after it.
 */
@Execution(ExecutionMode.CONCURRENT)
final class LauncherIT {
    @TempDir
    private Path root = Path.of("");

    @TempDir
    private Path elsewhere = Path.of("");

    private Path script = Path.of("");

    @BeforeEach
    void layOut() throws IOException {
        script = Files.createDirectory(root.resolve("scripts")).resolve("flopscope");
        Files.copy(Path.of("scripts", "flopscope"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(root.resolve("target"), Path.of("target").toAbsolutePath());
        for (String source : new String[] {"pom.xml", "src/main", "models"}) {
            Path old = Files.createDirectories(root.resolve(source));
            Files.setLastModifiedTime(old, FileTime.fromMillis(0));
        }
    }

    /** Whoever deletes the folder may follow no link to the jar. */
    @AfterEach
    void removeTheLink() throws IOException {
        Files.delete(root.resolve("target"));
    }

    @Test
    void theVersionNamesTheCommitTheLibraryAndJava() throws Exception {
        Outcome outcome = Program.in(elsewhere).by(script).run("--version");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .matches("flopscope \\d\\S*, commit \\S+\\R.*\\RJava \\Q" + System.getProperty("java.version")
                        + "\\E\\S*, .*\\R");
    }

    @Test
    void standardInputAndTheExitCodeGoThrough() throws Exception {
        Outcome outcome =
                Program.in(elsewhere).by(script).reading("word ".repeat(100)).run("run", TINY, "--text", "-");
        assertThat(outcome.err())
                .contains("more than the context of 16")
                .startsWith("flopscope: ")
                .hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(65);
        assertThat(outcome.out()).isEmpty();
    }
}
