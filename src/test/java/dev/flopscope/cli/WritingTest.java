package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that cannot be written although nothing spoke against it before the work. */
final class WritingTest {
    @TempDir
    private Path folder = Path.of("");

    /** What a full disk does. */
    private static PrintWriter full() {
        return fullAfter(0);
    }

    private static PrintWriter fullAfter(int writes) {
        return new PrintWriter(new Writer() {
            private int left = writes;

            @Override
            public void write(char[] text, int from, int length) throws IOException {
                if (left-- <= 0) {
                    throw new IOException("no space left");
                }
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

    /** A disk that is full from the n-th write on, for every n: a report has many. */
    @Test
    void standardOutputThatFailsAtAnyWriteIsOneLineAndLeavesNoFileHalf() throws IOException {
        Path file = folder.resolve("b.csv");
        Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()))
                .execute("account", TINY.toString(), "--output", file.toString());
        String whole = Files.readString(file);
        int exitCode = ExitCode.CANNOT_WRITE;
        int writes = 0;
        for (; exitCode != 0; writes++) {
            Files.delete(file);
            StringWriter err = new StringWriter();
            exitCode = Main.commandLine(fullAfter(writes), new PrintWriter(err))
                    .execute("account", TINY.toString(), "--format", "md", "--output", file.toString());
            if (exitCode != 0) {
                assertThat(exitCode).isEqualTo(ExitCode.CANNOT_WRITE);
                assertThat(err.toString())
                        .isEqualTo("flopscope: standard output cannot be written" + System.lineSeparator());
            }
            assertThat(file).hasContent(whole);
        }
        assertThat(writes).isGreaterThan(1);
    }

    /** Every output in turn is a device that takes nothing; the others and the trace are written whole. */
    @Test
    void everyFileThatFailsInTurnCostsItselfAlone() throws Exception {
        List<String> names = List.of("a.txt", "b.json", "c.csv", "d.md", "e.html", "trace.json");
        for (String failing : names) {
            Path own = Files.createDirectory(folder.resolve("without." + failing));
            Files.createSymbolicLink(own.resolve(failing), Path.of("/dev/full"));
            Outcome outcome = InProcess.in(own)
                    .run("run TINY --output ./a.txt --output ./b.json --output ./c.csv --output ./d.md"
                            + " --output ./e.html --trace ./trace.json");
            assertThat(outcome.err()).hasLineCount(1).contains("./" + failing + ": cannot be written");
            assertThat(outcome.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE);
            try (Stream<Path> files = Files.list(own)) {
                assertThat(files.map(each -> each.getFileName().toString())).containsExactlyInAnyOrderElementsOf(names);
            }
            for (String name : names) {
                if (!name.equals(failing)) {
                    assertThat(own.resolve(name)).isNotEmptyFile();
                }
            }
        }
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
