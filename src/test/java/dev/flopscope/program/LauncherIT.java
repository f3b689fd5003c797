package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code scripts/flopscope}, copied into a folder of sources. Maven is a script that writes what a build writes and notes that
 * it did; so is Java, but where the program itself is started.
 */
final class LauncherIT {
    private static final String REAL_JAVA = System.getProperty("java.home");

    @TempDir
    private Path root = Path.of("");

    @TempDir
    private Path elsewhere = Path.of("");

    private Path script = Path.of("");

    @BeforeEach
    void layOut() throws IOException {
        script = Files.createDirectory(root.resolve("scripts")).resolve("flopscope");
        Files.copy(Path.of("scripts", "flopscope"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("src/main"));
        Files.createDirectory(root.resolve("models"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("src/main/A.java"), "class A {}");
        executable("bin/mvn", """
                #!/bin/sh
                echo built >>"%s/builds"
                for argument; do
                  case $argument in -Dflopscope.build=*) into=${argument#*=} ;; esac
                done
                mkdir "$into/lib"
                echo library >"$into/lib/a.jar"
                while [ -e "%s/hold" ]; do sleep 0.02; done
                [ ! -e "%s/broken" ] || { echo "the compiler says no" && exit 1; }
                echo program >"$into/flopscope.jar"
                """.formatted(elsewhere, elsewhere, elsewhere));
        java("jdk", "17.0.1");
    }

    private Path executable(String file, String text) throws IOException {
        Path path = elsewhere.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void java(String folder, String version) throws IOException {
        executable(folder + "/bin/java", """
                #!/bin/sh
                # Options of Java's own are the launcher's matter.
                while [ "$1" != -jar ]; do shift; done
                echo "started $*"
                """);
        Files.writeString(elsewhere.resolve(folder + "/release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private Program launcher(String jdk) {
        return Program.in(elsewhere)
                .by(script)
                .with("JAVA_HOME", elsewhere.resolve(jdk).toString())
                .with("PATH", elsewhere.resolve("bin") + ":" + System.getenv("PATH"));
    }

    private long builds() throws IOException {
        Path notes = elsewhere.resolve("builds");
        return Files.exists(notes) ? Files.readAllLines(notes).size() : 0;
    }

    private List<String> inTarget() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("target"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void startsFromWhatIsBuilt(long expectedBuilds) throws Exception {
        Outcome outcome = launcher("jdk").run("account", "tiny model");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .isEqualTo("started -jar " + root.toRealPath() + "/target/launcher/flopscope.jar account tiny model\n");
        assertThat(builds()).isEqualTo(expectedBuilds);
        assertThat(inTarget()).isSubsetOf("launcher", "launcher.lock");
    }

    @Test
    void sourcesAreBuiltOnceAndAgainWhenTheirContentChanges() throws Exception {
        startsFromWhatIsBuilt(1);
        Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.fromMillis(4_000_000_000_000L));
        startsFromWhatIsBuilt(1);
        Files.writeString(root.resolve("src/main/A.java"), "class B {}");
        startsFromWhatIsBuilt(2);
    }

    @ParameterizedTest
    @CsvSource({"flopscope.jar", "lib/a.jar"})
    void whatIsDamagedIsBuiltAgain(String file) throws Exception {
        startsFromWhatIsBuilt(1);
        Files.writeString(root.resolve("target/launcher").resolve(file), "x");
        startsFromWhatIsBuilt(2);
        Files.delete(root.resolve("target/launcher").resolve(file));
        startsFromWhatIsBuilt(3);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void anInterruptedBuildLeavesNothingBehind(String signal, int exitCode) throws Exception {
        Path hold = Files.createFile(elsewhere.resolve("hold"));
        Process process = launcher("jdk").start("account");
        while (builds() == 0 && process.isAlive()) {
            Thread.onSpinWait();
        }
        Program.send(signal, process);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
        assertThat(inTarget()).containsExactly("launcher.lock");
        Files.delete(hold);
        startsFromWhatIsBuilt(2);
    }

    @Test
    void firstStartsAtOnceBuildOnceAndTheOthersWait() throws Exception {
        Path hold = Files.createFile(elsewhere.resolve("hold"));
        List<Process> processes = new ArrayList<>();
        for (int start = 0; start < 3; start++) {
            processes.add(launcher("jdk").start("account"));
        }
        while (builds() == 0 && processes.get(0).isAlive()) {
            Thread.onSpinWait();
        }
        Files.delete(hold);
        for (Process process : processes) {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        startsFromWhatIsBuilt(1);
    }

    @Test
    void aBuildThatFailsShowsWhyAndLeavesWhatWasBuilt() throws Exception {
        startsFromWhatIsBuilt(1);
        Files.writeString(root.resolve("pom.xml"), "<project broken='true'/>");
        Path broken = Files.createFile(elsewhere.resolve("broken"));
        Outcome outcome = launcher("jdk").run("account");
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err())
                .contains("the compiler says no")
                .endsWith("flopscope: the build failed; Maven's output is above\n");
        Files.delete(broken);
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        startsFromWhatIsBuilt(2);
    }

    @Test
    void aJavaThatCannotRunItIsNamedInOneLine() throws Exception {
        java("old", "11.0.20");
        Outcome old = launcher("old").run("account");
        assertThat(old.exitCode()).isEqualTo(70);
        assertThat(old.err())
                .startsWith("flopscope: Java 17 or later is needed")
                .contains("11.0.20")
                .hasLineCount(1);
        Outcome none = launcher("none").run("account");
        assertThat(none.exitCode()).isEqualTo(70);
        assertThat(none.err())
                .startsWith("flopscope: JAVA_HOME has no bin/java: JAVA_HOME=")
                .hasLineCount(1);
        assertThat(builds()).isZero();
    }

    /** With the program itself, through {@code sh}. */
    @Test
    void theVersionNamesTheCommitTheLibraryAndJavaAndInputAndExitCodesGoThrough() throws Exception {
        Path real = Path.of("target").toAbsolutePath();
        executable("bin/mvn", """
                #!/bin/sh
                for argument; do
                  case $argument in -Dflopscope.build=*) into=${argument#*=} ;; esac
                done
                ln -s "%s" "$into/flopscope.jar"
                ln -s "%s" "$into/lib"
                """.formatted(real.resolve("flopscope.jar"), real.resolve("lib")));
        Outcome version = launcher("jdk").with("JAVA_HOME", REAL_JAVA).run("--version");
        assertThat(version.exitCode()).as(version.err()).isZero();
        assertThat(version.out())
                .matches("flopscope \\d\\S*, commit \\S+\\R.*\\RJava \\Q" + System.getProperty("java.version")
                        + "\\E\\S*, .*\\R");
        Outcome refused = launcher("jdk")
                .with("JAVA_HOME", REAL_JAVA)
                .reading("word ".repeat(100))
                .run("run", TINY, "--text", "-");
        assertThat(refused.err())
                .contains("more than the context of 16")
                .startsWith("flopscope: ")
                .hasLineCount(1);
        assertThat(refused.exitCode()).isEqualTo(65);
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void aShellRunsItToo() throws Exception {
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        Path start = executable("bin/start", "#!/bin/sh\nexec sh \"" + script + "\" \"$@\"\n");
        Outcome outcome = launcher("jdk")
                .by(start)
                .with("JAVA_HOME", elsewhere.resolve("jdk").toString())
                .run("account");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("started -jar ");
    }
}
