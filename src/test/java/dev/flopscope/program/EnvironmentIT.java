package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the program is started with less than it needs, it says so in one line and exits with 70: 1 is for counts. */
@Execution(ExecutionMode.CONCURRENT)
final class EnvironmentIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aJarWithoutItsLibrariesSaysSo() throws Exception {
        Path alone = Files.copy(Path.of("target", "flopscope.jar"), folder.resolve("flopscope.jar"));

        Outcome outcome = Program.in(folder).jar(alone).run("run", TINY);

        assertRefused(outcome, "a library beside the jar, in lib/, is missing or cannot be opened: picocli");
    }

    @Test
    void aDefaultCharsetThatNoLibraryReadsIsNamed() throws Exception {
        Outcome outcome = Program.in(folder).withJava("-Dfile.encoding=UTF-16").run("run", TINY);

        assertRefused(outcome, "native libraries cannot be found where text files are UTF-16");
    }

    @ParameterizedTest
    @CsvSource({
        "ulimit -n 16, at least 128 files must be allowed to be open at once: ulimit -n is 16",
        "ulimit -v 500000, Java does not start: ",
        "export JDK_JAVA_OPTIONS=-Xmx2m, Java does not start: ",
    })
    void theLauncherNamesTheLimitThatIsTooLow(String limit, String message) throws Exception {
        Outcome outcome = Program.in(folder)
                .by(Path.of("scripts", "flopscope"))
                .after(limit)
                .run("run", TINY);

        assertRefused(outcome, message);
    }

    /** Only root may mount. */
    @ParameterizedTest
    @CsvSource({"noexec, 'failed to map segment', 64m", "exec, 'libraries are unpacked in the home folder', 1m"})
    void aCacheThatCannotBeUsedIsNamed(String exec, String message, String size) throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        int mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", exec + ",size=" + size, "tmpfs", home.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor();
        Assumptions.assumeTrue(mounted == 0, "no file system can be mounted here");
        try {
            Outcome outcome = Program.in(folder).withJava("-Duser.home=" + home).run("run", TINY);

            assertRefused(outcome, message);
            assertThat(outcome.err()).contains("noexec", "200 MB");
        } finally {
            new ProcessBuilder("umount", "-l", home.toString()).start().waitFor();
        }
    }

    private static void assertRefused(Outcome outcome, String message) {
        assertThat(outcome.err()).startsWith("flopscope: ").contains(message).hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.out()).isEmpty();
    }
}
