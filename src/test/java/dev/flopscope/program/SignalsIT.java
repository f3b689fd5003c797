package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Signals at moments drawn at random. Whatever the program does then, a file is whole or not there, and nothing else is left.
 * {@code mvn -Pthorough verify -Dit.test=SignalsIT} sends a hundred.
 */
@Execution(ExecutionMode.CONCURRENT)
final class SignalsIT {
    private static final int TIMES = Integer.getInteger("random.signals", 6);
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");
    private static final List<String> FILES = List.of("a.json", "a.csv", "a.html", "a.jfr", "a.trace.json");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aSignalLeavesFilesWholeAndNothingElse() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Random random = new Random(3);
        for (int time = 0; time < TIMES; time++) {
            // A whole run takes about a second and a half, so that most signals come before its end.
            int milliseconds = 300 + random.nextInt(1_500);
            Process process = Program.in(folder)
                    .withJava("-Djava.io.tmpdir=" + temporary)
                    .start(
                            "run",
                            TINY,
                            "--output",
                            "a.json",
                            "--output",
                            "a.csv",
                            "--output",
                            "a.html",
                            "--jfr",
                            "a.jfr",
                            "--trace",
                            "a.trace.json");
            if (!process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
                new ProcessBuilder("kill", "-s", SIGNALS.get(time % SIGNALS.size()), String.valueOf(process.pid()))
                        .start()
                        .waitFor();
            }
            int exitCode = process.waitFor();

            assertThat(exitCode).isIn(0, 129, 130, 143);
            assertThat(names(folder))
                    .isSubsetOf(Stream.concat(FILES.stream(), Stream.of("temporary"))
                            .toList());
            assertThat(names(temporary)).isEmpty();
            for (String file : FILES) {
                if (Files.exists(folder.resolve(file))) {
                    assertThat(folder.resolve(file)).isNotEmptyFile();
                    Files.delete(folder.resolve(file));
                } else {
                    assertThat(exitCode).isNotZero();
                }
            }
        }
    }

    private static List<String> names(Path in) throws Exception {
        try (Stream<Path> files = Files.list(in)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
