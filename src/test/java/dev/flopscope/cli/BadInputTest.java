package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One line on standard error, the documented exit code, nothing on standard output, every file as it was and none more: for
 * each line of {@code src/test/resources/bad-inputs.txt}.
 */
final class BadInputTest {
    /** What picocli and the hint add to a message of 400 characters. */
    private static final int LONGEST = 450;

    /** Contents of files by the names that the table has for them. */
    private static final Map<String, String> NAMES = new HashMap<>();

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void makeFilesToTamperWith(@TempDir Path made) throws IOException {
        String keys = """
                "vocab_size": 50, "context_length": 8, "num_layers": 1, "d_model": 16, "num_heads": 2, "d_ff": 8""";
        NAMES.put("$KEYS", keys);
        NAMES.put("$MODEL", "{" + keys + "}");
        NAMES.put(
                "$RESULT",
                InProcess.in(made).run("run TINY --decode 2 --format json").out());
        InProcess.in(made)
                .run("sweep TINY --context 4,8 --decode 2 --repetitions 1"
                        + " --output ./a.json --output ./a.jsonl --output ./a.csv");
        NAMES.put("$SWEEP", Files.readString(made.resolve("a.json")));
        NAMES.put("$LINES", Files.readString(made.resolve("a.jsonl")));
        String csv = Files.readString(made.resolve("a.csv"));
        NAMES.put("$CSV", csv);
        NAMES.put("$CUT", csv.substring(0, csv.length() - 1));
    }

    static List<BadInput> badInputs() {
        return BadInput.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void aBadInputGetsOneLineAndItsExitCodeAndChangesNothing(BadInput given) throws IOException {
        given.makeFiles(folder, NAMES);
        Map<String, String> before = contents();
        Outcome outcome = InProcess.in(folder).reading(given.input(NAMES)).run(given.words());
        assertThat(outcome.err())
                .contains(given.names())
                .startsWith("flopscope: ")
                .endsWith("\n")
                .hasSizeLessThan(LONGEST);
        assertThat(outcome.err().strip().chars()).noneMatch(Character::isISOControl);
        assertThat(outcome.exitCode()).isEqualTo(given.exitCode());
        assertThat(outcome.out()).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                contents.put(
                        file.toString(), plain ? Base64.getEncoder().encodeToString(Files.readAllBytes(file)) : "");
            }
        }
        return contents;
    }

    @Test
    void theTableHasAtLeastTwoHundredCases() {
        assertThat(badInputs()).hasSizeGreaterThan(200);
    }
}
