package dev.flopscope.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** NVIDIA's own compiler takes every kernel, for two generations of GPUs, and keeps all values of a thread in registers. */
final class KernelCompilationTest {
    private static final Path KERNELS = Path.of("src/main/resources/dev/flopscope/backend/cuda");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill (stores|loads)");
    private static final Pattern KERNEL = Pattern.compile("extern \"C\" __global__ void");

    @TempDir
    private Path folder = Path.of("");

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(KERNELS)) {
            return files.filter(file -> file.toString().endsWith(".cu"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyKernelCompilesAndSpillsNothing(Path file) throws Exception {
        assumeTrue(hasCompiler(), "there is no nvcc on this machine, which compiles for GPUs");
        long kernels = KERNEL.matcher(Files.readString(file)).results().count();
        assertThat(kernels).isPositive();
        for (String architecture : List.of("sm_80", "sm_90")) {
            Process compiler = new ProcessBuilder(
                            "nvcc",
                            "-arch=" + architecture,
                            "-std=c++17",
                            "-Xptxas",
                            "-v",
                            "-cubin",
                            "-o",
                            folder.resolve("kernel.cubin").toString(),
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String log = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(compiler.waitFor()).as(log).isZero();
            assertThat(log).doesNotContain("warning");
            Matcher spills = SPILLS.matcher(log);
            long told = 0;
            while (spills.find()) {
                assertThat(spills.group(1)).as(architecture + "\n" + log).isEqualTo("0");
                told++;
            }
            assertThat(told).as("lines about stores and loads of each kernel").isEqualTo(2 * kernels);
        }
    }

    private static boolean hasCompiler() {
        try {
            return new ProcessBuilder("nvcc", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }
}
