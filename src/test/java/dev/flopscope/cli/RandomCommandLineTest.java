package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is drawn has a documented exit code, at most one line on standard error, and leaves no file that was not asked
 * for. A hundred command lines, or as many as {@code -Drandom.lines} says; the profile {@code thorough} draws a thousand.
 */
final class RandomCommandLineTest {
    @TempDir
    private Path folder = Path.of("");

    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("random.lines", 100));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCommandLineAtRandomSurprisesNobody(long seed) throws IOException {
        fill();
        Map<Path, String> before = files();
        RandomCommandLine line = new RandomCommandLine(seed);
        Outcome outcome = InProcess.in(folder).reading("Hello").run(line.words());
        String described = "seed " + seed + ": " + line.words() + "\n" + outcome.err();
        assertThat(outcome.exitCode()).as(described).isIn(0, 1, 2, 65, 70, 73, 74);
        assertThat(outcome.err().lines().count()).as(described).isLessThanOrEqualTo(1);
        assertThat(outcome.err().strip().chars()).as(described).noneMatch(Character::isISOControl);
        if (outcome.exitCode() > ExitCode.CHECK_FAILED) {
            assertThat(outcome.err()).as(described).startsWith("flopscope: ").doesNotContain("internal error");
        }
        Map<Path, String> after = files();
        if (outcome.exitCode() <= ExitCode.CHECK_FAILED) {
            before.keySet().removeAll(line.outputs());
            after.keySet().removeAll(line.outputs());
        }
        assertThat(after).as(described).isEqualTo(before);
    }

    private void fill() throws IOException {
        Files.createDirectory(folder.resolve("folder.json"));
        Files.writeString(folder.resolve("m.json"), "{}");
        Files.writeString(folder.resolve("r.json"), "{\"schema_version\": 2, \"agrees\": true}");
        Files.writeString(folder.resolve("ids.txt"), "1 2\n--trace=pwned.json");
        Files.writeString(
                folder.resolve("c.csv"),
                "id,model,context,quantity,claimed,precision\na,gpt2-small,4,lm_head,1,exact\n");
    }

    private Map<Path, String> files() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                contents.put(
                        folder.relativize(file),
                        Files.isDirectory(file)
                                ? "a folder"
                                : Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return contents;
    }
}
