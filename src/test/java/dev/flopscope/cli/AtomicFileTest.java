package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFileThatCannotBeWrittenStaysAsItWas() throws Exception {
        Path file = folder.resolve("a.json");
        Files.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IOException("no space left");
                }))
                .isInstanceOfSatisfying(
                        OutputException.class,
                        problem -> assertThat(problem.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE))
                .hasMessageContaining("a.json: cannot be written: no space left");
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void oneFileByTwoPathsIsTheSame() throws Exception {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, folder);
        assertThat(AtomicFile.same(folder.resolve("a"), link.resolve("a"))).isTrue();
        assertThat(AtomicFile.same(folder.resolve("a"), folder.resolve("b"))).isFalse();
    }
}
