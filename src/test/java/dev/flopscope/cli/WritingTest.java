package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that cannot be written although nothing spoke against it before the work. */
final class WritingTest {
    @TempDir
    private Path folder = Path.of("");

    /** What a full disk does. */
    private static PrintWriter full() {
        return new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {
                // Nothing is kept.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        });
    }

    private static final Path TINY = Path.of("src/test/resources/models/tiny.json");

    @Test
    void whateverPrintsSaysWhenItCannot() {
        for (String arguments : new String[] {
            "--help",
            "--version",
            "help",
            "help run",
            "run --help",
            "generate-completion",
            "schema run",
            "account " + TINY
        }) {
            StringWriter err = new StringWriter();
            int exitCode = Main.commandLine(full(), new PrintWriter(err)).execute(arguments.split(" ", -1));
            assertThat(exitCode).as(arguments).isEqualTo(ExitCode.CANNOT_WRITE);
            assertThat(err.toString())
                    .isEqualTo("flopscope: standard output cannot be written" + System.lineSeparator());
        }
    }

    @Test
    void standardOutputThatIsFullDoesNotKeepFilesFromBeingWritten() {
        Path file = folder.resolve("a.csv");
        int exitCode = Main.commandLine(full(), new PrintWriter(new StringWriter()))
                .execute("account", TINY.toString(), "--output", file.toString());
        assertThat(exitCode).isEqualTo(ExitCode.CANNOT_WRITE);
        assertThat(file).isNotEmptyFile();
    }

    /** A device that can be opened and takes nothing. */
    @Test
    void oneOutputThatFailsLateDoesNotKeepTheOthersAndTheTraceFromBeingWritten() throws Exception {
        Files.createSymbolicLink(folder.resolve("a.json"), Path.of("/dev/full"));
        Outcome outcome = InProcess.in(folder).run("run TINY --output ./a.json --output ./b.json --trace ./c.json");
        assertThat(outcome.err()).hasLineCount(1).contains("./a.json: cannot be written: No space left");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE);
        assertThat(outcome.out()).contains("AGREES");
        assertThat(folder.resolve("b.json")).isNotEmptyFile();
        assertThat(folder.resolve("c.json")).isNotEmptyFile();
    }

    @Test
    void aSweepWhoseFileCannotBeWrittenShowsAllItsRows() throws Exception {
        Files.createSymbolicLink(folder.resolve("a.csv"), Path.of("/dev/full"));
        Outcome outcome = InProcess.in(folder)
                .run("sweep TINY --context 4,8 --repetitions 1 --output ./a.csv --output ./b.csv --format csv");
        assertThat(outcome.err()).hasLineCount(1).contains("./a.csv: cannot be written: No space left");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE);
        assertThat(outcome.out().lines()).hasSize(3);
        assertThat(Files.readAllLines(folder.resolve("b.csv"))).hasSize(3);
    }
}
