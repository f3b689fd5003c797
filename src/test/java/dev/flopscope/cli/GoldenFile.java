package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a command line gave, as a file under {@code src/test/resources/golden}: written with {@code -Dgolden.update=true}, and
 * held against what it gives now otherwise.
 */
final class GoldenFile {
    /** Where golden files are. */
    static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private static final String ENDING = ".txt";
    private static final Path ACTUAL = Path.of("target", "golden");
    private static final String UPDATE = "mvn test -Dtest=GoldenTest -Dgolden.update=true"
            + (Boolean.getBoolean("golden.slow") ? " -Dgolden.slow=true" : "");

    private GoldenFile() {}

    /** Names of all golden files. */
    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .toList();
        }
    }

    /** Holds {@code actual} against the golden file, or writes it there if that was asked for. */
    static void hold(String name, String actual) throws IOException {
        Path golden = FOLDER.resolve(name + ENDING);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, actual);
            return;
        }
        if (!Files.exists(golden)) {
            fail("%s is missing; write it with: %s", golden, UPDATE);
        }
        String expected = Files.readString(golden);
        if (!expected.equals(actual)) {
            Path written = Files.createDirectories(ACTUAL).resolve(name + ENDING);
            Files.writeString(written, actual);
            fail("%s", difference(golden, written, expected, actual));
        }
    }

    private static String difference(Path golden, Path written, String expected, String actual) {
        List<String> before = expected.lines().toList();
        List<String> now = actual.lines().toList();
        int line = 0;
        while (line < before.size() && line < now.size() && before.get(line).equals(now.get(line))) {
            line++;
        }
        return String.join(
                "\n",
                "the output is not that of " + golden + ", from line " + (line + 1) + " on:",
                "  golden: " + at(before, line),
                "  now:    " + at(now, line),
                "all that it gives now is in " + written,
                "if that is meant: " + UPDATE);
    }

    private static String at(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line) : "(no such line)";
    }
}
