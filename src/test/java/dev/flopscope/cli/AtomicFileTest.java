package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    void oneFileHasOneIdentityByWhateverPath() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        Path a = folder.resolve("a");
        assertThat(AtomicFile.identity(link.resolve("a")))
                .isEqualTo(AtomicFile.identity(a))
                .isNotEqualTo(AtomicFile.identity(folder.resolve("b")));
        Files.writeString(a, "a");
        Path second = Files.createLink(folder.resolve("second"), a);
        assertThat(AtomicFile.identity(second))
                .isEqualTo(AtomicFile.identity(a))
                .isEqualTo(AtomicFile.identity(link.resolve("link/./a")));
    }

    @Test
    void aFileKeepsItsModeAndANewOneIsAsOthersAre() throws Exception {
        Path old = Files.writeString(folder.resolve("old.json"), "old");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-r--rw-"));
        Path other = Files.createFile(folder.resolve("other"));
        write(old);
        write(folder.resolve("new.json"));
        assertThat(Files.getPosixFilePermissions(old)).isEqualTo(PosixFilePermissions.fromString("rw-r--rw-"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("new.json")))
                .isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void aSymbolicLinkIsFollowedAlsoToAFileThatIsStillToBeMade() throws Exception {
        Path there = Files.createDirectory(folder.resolve("there"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("second"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("there/a.json"));
        AtomicFile.requireWritable(first);
        write(first);
        assertThat(there.resolve("a.json")).hasContent("new");
        assertThat(first).isSymbolicLink();
        assertThat(second).isSymbolicLink();
    }

    @Test
    void aPipeIsWrittenTo() throws Exception {
        Path pipe = folder.resolve("pipe.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        AtomicFile.requireWritable(pipe);
        write(pipe);
        assertThat(reader.getInputStream().readAllBytes()).asString().isEqualTo("new");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(pipe);
        }
    }

    private static void write(Path file) {
        AtomicFile.write(file, temporary -> Files.writeString(temporary, "new"));
    }
}
