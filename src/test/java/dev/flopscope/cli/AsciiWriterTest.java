package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AsciiWriterTest {
    private static String written(String text) {
        StringWriter out = new StringWriter();
        new PrintWriter(new AsciiWriter(out), true).print(text);
        return out.toString();
    }

    @Test
    void signsOfReportsHaveALikenessAndOthersAreAQuestionMark() {
        assertThat(written("1024×768×50257…\n═══\n2·T² → é 漢")).isEqualTo("1024x768x50257...\n===\n2*T^2 -> e ?");
    }

    /** The golden files hold what every command prints. */
    @Test
    void whateverATerminalIsShownHasALikeness() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                String ascii = written(text);
                assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(ascii))
                        .as(file.toString())
                        .isTrue();
                assertThat(ascii.chars().filter(character -> character == '?').count())
                        .as(file.toString())
                        .isEqualTo(text.chars()
                                .filter(character -> character == '?')
                                .count());
            }
        }
    }
}
