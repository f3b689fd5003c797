package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a machine does to a program: memory that ends, folders that go, kills that cannot be caught. A process each. */
@Execution(ExecutionMode.CONCURRENT)
final class FaultsIT {
    private static final int KILLS = Integer.getInteger("random.signals", 6) / 2;

    @TempDir
    private Path folder = Path.of("");

    /** The limit is on addresses, of which the machine's memory says nothing, so that no estimate can know it. */
    @Test
    void nativeMemoryThatEndsIsOneLineAnd70() throws Exception {
        Path model = Files.writeString(
                folder.resolve("large.json"),
                "{\"vocab_size\":1000,\"context_length\":64,\"num_layers\":60,\"d_model\":1600,\"num_heads\":25,"
                        + "\"d_ff\":6400}");
        Outcome outcome = Program.in(folder)
                .withJava("-Xmx256m", "-XX:+UseSerialGC", "-XX:CompressedClassSpaceSize=64m")
                .after("ulimit -v 3000000")
                .run("run", model.toString(), "--output", "a.json");

        assertThat(outcome.err()).startsWith("flopscope: ").contains("memory").hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(folder.resolve("a.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx6m", "-Xmx12m"})
    void heapThatEndsIsOneLineAnd70(String option) throws Exception {
        Outcome outcome =
                Program.in(folder).withJava(option, "-XX:+UseSerialGC").run("run", TINY, "--output", "a.json");

        assertThat(outcome.err()).startsWith("flopscope: ").hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(folder.resolve("a.json")).doesNotExist();
    }

    /** The program waits for the text in a pipe, so that the folder goes after it was found to be there. */
    @Test
    void folderThatGoesMeanwhileCostsItsFileAlone() throws Exception {
        Path pipe = folder.resolve("text");
        int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        Assumptions.assumeTrue(made == 0, "no pipe can be made here");
        Path going = Files.createDirectory(folder.resolve("going"));
        Path out = folder.resolve("out.txt");
        Process process = Program.in(folder)
                .redirected(">out.txt")
                .start("run", TINY, "--text", "text", "--output", "going/a.json", "--output", "b.json");
        // Opening the pipe for writing returns when the program has opened it for reading.
        try (var text = Files.newOutputStream(pipe)) {
            Files.delete(going);
            text.write("hello".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(74);
        assertThat(going).doesNotExist();
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("b.json").toFile())
                        .at("/agrees")
                        .asBoolean())
                .isTrue();
        assertThat(out).content().contains("tiny, one counted pass");
    }

    @Test
    void killLeavesTheOldFileOrTheNewOneAndTheNextRunIsNotTheWorseForIt() throws Exception {
        Random random = new Random(5);
        Path file = folder.resolve("a.html");
        Program.in(folder).run("run", TINY, "--output", "a.html");
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = Program.in(folder).start("run", TINY, "--output", "a.html");
            if (!process.waitFor(300 + random.nextInt(1_500), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            process.waitFor();

            assertThat(file).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        }
        Outcome next = Program.in(folder).run("run", TINY, "--output", "a.html");

        assertThat(next.exitCode()).isZero();
        assertThat(next.err()).isEmpty();
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> others = all.filter(other -> !other.equals(file)).toList();
            assertThat(others).allMatch(other -> other.getFileName().toString().startsWith(".flopscope"));
        }
    }
}
