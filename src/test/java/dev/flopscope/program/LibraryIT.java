package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as its page in the documentation shows it: in JShell, and in a Maven project of somebody else's. */
final class LibraryIT {
    private static final Path HERE = Path.of("").toAbsolutePath();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void jshell() throws Exception {
        Path jshell = Path.of(System.getProperty("java.home"), "bin", "jshell");
        Assumptions.assumeTrue(Files.isExecutable(jshell), () -> "no " + jshell + ": this Java has no JShell");

        Outcome session = Program.in(folder)
                .command(
                        jshell.toString(),
                        "--class-path",
                        HERE.resolve("target/flopscope.jar").toString(),
                        "-s",
                        "-")
                .reading("System.out.println(dev.flopscope.api.ModelPass.of(\"gpt2-xl\").account().flops())\n/exit\n")
                .run();

        assertThat(session.out()).as(session.err()).isEqualTo("4513336524800\n");
    }

    /** Maven finds Flopscope in a repository in a folder, and everything else where this build had it from. */
    @Test
    void mavenProject() throws Exception {
        String home = System.getProperty("maven.home");
        Assumptions.assumeTrue(home != null, "the tests were not started by Maven, which this one starts");
        Path artifact = Files.createDirectories(folder.resolve("repository/dev/flopscope/flopscope/0.1.0"));
        Files.copy(HERE.resolve("pom.xml"), artifact.resolve("flopscope-0.1.0.pom"));
        Files.copy(HERE.resolve("target/flopscope.jar"), artifact.resolve("flopscope-0.1.0.jar"));
        Path settings = Files.writeString(
                folder.resolve("settings.xml"),
                "<settings><profiles><profile><id>here</id><repositories><repository><id>here</id><url>"
                        + folder.resolve("repository").toUri()
                        + "</url></repository></repositories></profile></profiles>"
                        + "<activeProfiles><activeProfile>here</activeProfile></activeProfiles></settings>");

        Outcome build = Program.in(folder)
                .command(
                        Path.of(home, "bin", "mvn").toString(),
                        "--offline",
                        "--batch-mode",
                        "-Daether.offline.protocols=file",
                        // What this build downloaded is there for the other, whatever its mirrors are called.
                        "-Daether.enhancedLocalRepository.trackingFilename=unused",
                        "-Djavacpp.platform.host",
                        "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                        "--settings",
                        settings.toString(),
                        "--file",
                        HERE.resolve("src/it/library/pom.xml").toString(),
                        "-DbuildDirectory=" + folder + File.separator + "target",
                        "test")
                .with("JAVA_HOME", System.getProperty("java.home"))
                .run();

        assertThat(build.out()).contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(build.exitCode()).as(build.out()).isZero();
    }
}
