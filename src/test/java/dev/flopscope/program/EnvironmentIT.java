package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void theLibraryOfTokenizersIsMissedOnlyWhereItIsNeeded() throws Exception {
        Path jar = Files.copy(Path.of("target", "flopscope.jar"), folder.resolve("flopscope.jar"));
        Path lib = Files.createDirectory(folder.resolve("lib"));
        try (Stream<Path> all = Files.list(Path.of("target", "lib"))) {
            for (Path file : all.filter(each -> !each.getFileName().toString().startsWith("tokenizers"))
                    .toList()) {
                Files.createSymbolicLink(lib.resolve(file.getFileName()), file.toAbsolutePath());
            }
        }
        Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
        Path fixture = Path.of("src/test/resources/fixtures/qwen2-tiny");
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(fixture.resolve(name), checkpoint.resolve(name));
        }
        Files.copy(Path.of("src/test/resources/tokenizers/bytes.json"), checkpoint.resolve("tokenizer.json"));

        Outcome ids = Program.in(folder).jar(jar).run("run", checkpoint.toString(), "--tokens", "1,2,3");
        assertThat(ids.exitCode()).as(ids.err()).isZero();

        Outcome text = Program.in(folder).jar(jar).run("run", checkpoint.toString(), "--prompt", "!!");
        assertRefused(text, "the library ai.djl.huggingface:tokenizers, which reads");
    }

    /** FLOPs of (1024×768)·(768×768) in 12 layers, and totals as published. */
    @Test
    void accountsNeedNoNativeLibrary() throws Exception {
        Path jar = Files.copy(Path.of("target", "flopscope.jar"), folder.resolve("flopscope.jar"));
        Path lib = Files.createDirectory(folder.resolve("lib"));
        try (Stream<Path> all = Files.list(Path.of("target", "lib"))) {
            for (Path file : all.filter(each -> !each.getFileName()
                            .toString()
                            .matches("(nd4j|openblas|dnnl|javacpp|protobuf|guava|mkl|opencv|cuda|tokenizers).*"))
                    .toList()) {
                Files.createSymbolicLink(lib.resolve(file.getFileName()), file.toAbsolutePath());
            }
        }
        String classes = Path.of("target", "test-classes").toAbsolutePath() + File.pathSeparator + jar;

        Outcome library = Program.in(folder)
                .main(classes, AccountOfAModel.class.getName())
                .run();
        assertThat(library.exitCode()).as(library.err()).isZero();
        assertThat(library.out()).isEqualTo(12L * 2 * 1024 * 768 * 768 + " 349630365696 190460160\n");

        Outcome command = Program.in(folder).jar(jar).run("account", "gpt2-small");
        assertThat(command.exitCode()).as(command.err()).isZero();
        assertThat(command.out()).contains("349,630,365,696");
    }

    /** Whoever computes on the processor pays nothing for the engine of a GPU: not one class of it is loaded. */
    @ParameterizedTest
    @ValueSource(strings = {"onednn", "openblas"})
    void nothingOfAnEngineIsLoadedWhereItIsAnother(String engine) throws Exception {
        Path classes = folder.resolve("classes.txt");

        Outcome outcome = Program.in(folder)
                .withJava("-Xlog:class+load:file=" + classes)
                .run("profile", TINY, "--repetitions", "1", "--engine", engine);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(Files.readString(classes))
                .contains("dev.flopscope.backend.cpu.CpuBackend ")
                .doesNotContain("dev.flopscope.backend.cuda");
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

    /** Root is not held to the limit, and becomes another user for this. */
    @Test
    void threadsThatCannotBeStartedAreOneLine() throws Exception {
        Path readable = Files.createDirectory(folder.resolve("readable"));
        assertThat(status("chmod", "a+rwx", folder.toString(), readable.toString()))
                .isZero();
        Assumptions.assumeTrue(
                status("setpriv", "--reuid=65534", "--clear-groups", "test", "-r", TINY) == 0,
                "no process of another user can be started here");

        Outcome outcome = Program.in(folder)
                .withJava("-XX:+UseSerialGC", "-Xlog:disable", "-Duser.home=" + readable)
                .through(
                        "setpriv", "--reuid=65534", "--clear-groups", "bash", "-c", "ulimit -u 90; exec \"$@\"", "bash")
                .run("run", TINY, "--threads", "200");

        assertRefused(outcome, "no further thread can be started");
    }

    private static int status(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
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

    /** What JavaCPP has unpacked is damaged, and its size and date are not. */
    @Test
    void anEngineThatIsDamagedIsSaidAndTheOtherMultiplies() throws Exception {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        String option = "-Dorg.bytedeco.javacpp.cachedir=" + cache;
        Outcome sound = Program.in(folder).withJava(option).run("run", TINY, "--format", "json");
        assertThat(sound.err()).isEmpty();
        assertThat(sound.out()).containsPattern("\"name\" ?: ?\"onednn\"");
        Path library;
        try (Stream<Path> files = Files.walk(cache)) {
            library = files.filter(file -> file.endsWith("libdnnl.so.3"))
                    .findFirst()
                    .orElseThrow();
        }
        FileTime date = Files.getLastModifiedTime(library);
        try (RandomAccessFile damaged = new RandomAccessFile(library.toFile(), "rw")) {
            damaged.write(new byte[4]);
        }
        Files.setLastModifiedTime(library, date);

        Outcome outcome = Program.in(folder).withJava(option).run("run", TINY, "--format", "json");

        // Java itself warns of a library that is none, in lines of its own.
        assertThat(outcome.err().lines().filter(line -> line.startsWith("flopscope: ")))
                .singleElement()
                .asString()
                .startsWith("flopscope: oneDNN cannot be loaded, so that OpenBLAS multiplies, which is slower: ");
        assertThat(outcome.out()).containsPattern("\"name\" ?: ?\"openblas\"");
        assertThat(outcome.exitCode()).isZero();
    }

    private static void assertRefused(Outcome outcome, String message) {
        assertThat(outcome.err()).startsWith("flopscope: ").contains(message).hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.out()).isEmpty();
    }
}
