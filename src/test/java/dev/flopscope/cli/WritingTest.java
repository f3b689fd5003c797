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
            public void write(char[] characters, int from, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
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

    /** A pipe that nobody reads any more: found to be writable, and then it is not. */
    @Test
    void oneOutputThatFailsLateDoesNotKeepTheOthersAndTheTraceFromBeingWritten() throws Exception {
        Path pipe = folder.resolve("a.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("sh", "-c", "exec 3< \"$1\"", "sh", pipe.toString()).start();
        Outcome outcome = InProcess.in(folder)
                .run("run TINY --batch 64 --decode 16 --output ./a.json --output ./b.json --trace ./c.json");
        assertThat(reader.waitFor()).isZero();
        assertThat(outcome.err()).hasLineCount(1).contains("./a.json: cannot be written");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE);
        assertThat(outcome.out()).contains("AGREES");
        assertThat(folder.resolve("b.json")).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("c.json"))).endsWith("}\n");
    }
}
