package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One line on standard error, the documented exit code, nothing on standard output, no file left. */
@Execution(ExecutionMode.CONCURRENT)
final class BadInputIT {
    @TempDir
    private Path folder = Path.of("");

    static Stream<Arguments> commandLines() {
        return Stream.of(
                Arguments.of(2, "frobnicate", List.of("frobnicate")),
                Arguments.of(2, "command is missing", List.of()),
                Arguments.of(2, "--frobnicate", List.of("run", "gpt2-small", "--frobnicate")),
                Arguments.of(2, "MODEL", List.of("run")),
                Arguments.of(2, "gpt9", List.of("run", "gpt9")),
                Arguments.of(2, "'0'", List.of("run", TINY, "--context", "0")),
                Arguments.of(2, "'-1'", List.of("run", TINY, "--context", "-1")),
                Arguments.of(2, "1e9x", List.of("run", TINY, "--context", "1e9x")),
                Arguments.of(2, "1e9x", List.of("account", TINY, "--context", "1e9x")),
                Arguments.of(2, "does not grow", List.of("account", TINY, "--context", "9-3")),
                Arguments.of(2, "'0'", List.of("run", TINY, "--batch", "0")),
                Arguments.of(2, "'0'", List.of("run", TINY, "--threads", "0")),
                Arguments.of(2, "more than 256", List.of("run", TINY, "--threads", "257")),
                Arguments.of(2, "'0'", List.of("run", TINY, "--decode", "0")),
                Arguments.of(2, "more than the 1048576", List.of("run", TINY, "--decode", "1048577")),
                Arguments.of(2, "'99999999999'", List.of("account", TINY, "--decode", "99999999999")),
                Arguments.of(70, "--decode", List.of("run", "gpt2-xl", "--weights", "shared", "--decode", "1000000")),
                Arguments.of(2, "'0'", List.of("profile", TINY, "--decode", "0")),
                Arguments.of(2, "more than the 1048576", List.of("profile", TINY, "--decode", "1048577")),
                Arguments.of(
                        70, "--decode", List.of("profile", "gpt2-xl", "--weights", "shared", "--decode", "1000000")),
                Arguments.of(2, "'lots'", List.of("run", TINY, "--seed", "lots")),
                Arguments.of(2, "'half'", List.of("run", TINY, "--weights", "half")),
                Arguments.of(2, "'flash'", List.of("run", TINY, "--attention", "flash")),
                Arguments.of(2, "'8'", List.of("run", TINY, "--tile", "8")),
                Arguments.of(2, "'0'", List.of("run", TINY, "--tile", "0x4")),
                Arguments.of(2, "'0'", List.of("profile", TINY, "--repetitions", "0")),
                Arguments.of(2, "'-1'", List.of("profile", TINY, "--warm-up", "-1")),
                Arguments.of(2, "'0'", List.of("profile", TINY, "--top", "0")),
                Arguments.of(2, "'head' is not one of kind, layer, site", List.of("profile", TINY, "--by", "head")),
                Arguments.of(2, "gpt9", List.of("profile", "gpt9")),
                Arguments.of(2, "not full", List.of("run", TINY, "--tile", "4x4", "--attention", "full")),
                Arguments.of(2, "'yaml'", List.of("run", TINY, "--format", "yaml")),
                Arguments.of(2, "'report.docx'", List.of("run", TINY, "--output", "report.docx")),
                Arguments.of(2, "mutually exclusive", List.of("run", TINY, "--text", "-", "--tokens", "1")),
                Arguments.of(2, "more than 256", List.of("sweep", TINY, "--threads", "1,257")),
                Arguments.of(2, "'flash'", List.of("sweep", TINY, "--attention", "full,flash")),
                Arguments.of(2, "not full", List.of("sweep", TINY, "--tile", "4x4", "--attention", "full")),
                Arguments.of(2, "--output", List.of("sweep", TINY, "--resume", "--output", "sweep.md")),
                Arguments.of(
                        65, "not the JSON of a sweep", List.of("sweep", TINY, "--resume", "--output", "other.json")),
                Arguments.of(65, "2^63-1", List.of("sweep", TINY, "--context", "8,2000000000")),
                Arguments.of(2, "parameter: 'B'", List.of("compare", TINY)),
                Arguments.of(2, "'much'", List.of("compare", TINY, TINY, "--margin", "much")),
                Arguments.of(2, "'-5%'", List.of("compare", TINY, TINY, "--fail-above", "-5%")),
                Arguments.of(2, "'layer'", List.of("compare", TINY, TINY, "--by", "layer")),
                Arguments.of(65, "is not the JSON of one run", List.of("compare", TINY, TINY)),
                Arguments.of(65, "does not exist", List.of("compare", "missing.json", TINY)),
                Arguments.of(65, "50257", List.of("run", TINY, "--tokens", "1,50257")),
                Arguments.of(65, "-4", List.of("run", TINY, "--tokens", "-4,1")),
                Arguments.of(65, "'one'", List.of("run", TINY, "--tokens", "one")),
                Arguments.of(65, "does not exist", List.of("run", TINY, "--tokens", "@missing.ids")),
                Arguments.of(65, "does not exist", List.of("run", TINY, "--text", "missing.txt")),
                Arguments.of(65, "no tokens", List.of("run", TINY, "--text", "-")),
                Arguments.of(73, "does not exist", List.of("run", TINY, "--output", "missing/report.json")),
                Arguments.of(2, "'a.txt'", List.of("run", TINY, "--trace", "a.txt")),
                Arguments.of(2, "'a.json'", List.of("run", TINY, "--jfr", "a.json")),
                Arguments.of(
                        2,
                        "one file",
                        List.of("run", TINY, "--trace", "./folder.json/../a.json", "--output", "a.json")),
                Arguments.of(73, "does not exist", List.of("run", TINY, "--trace", "missing/a.json.gz")),
                Arguments.of(73, "does not exist", List.of("profile", TINY, "--jfr", "missing/a.jfr")),
                Arguments.of(73, "it is a folder", List.of("profile", TINY, "--trace", "folder.json")),
                Arguments.of(73, "it is a folder", List.of("run", TINY, "--output", "folder.json")));
    }

    @ParameterizedTest(name = "{2} exits with {0}")
    @MethodSource("commandLines")
    void aBadCommandLineGetsOneLineAndItsExitCode(int exitCode, String says, List<String> arguments)
            throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("folder.json"));
        Files.writeString(folder.resolve("other.json"), "{}");
        requireRefused(exitCode, says, Program.in(folder).run(arguments.toArray(String[]::new)));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    static Stream<Arguments> configs() {
        String rest = "\"vocab_size\": 50, \"context_length\": 8, \"d_model\": 16, \"d_ff\": 8";
        String sound = rest + ", \"num_layers\": 1, \"num_heads\": 2";
        return Stream.of(
                Arguments.of(65, "is empty", ""),
                Arguments.of(65, "not valid JSON", "{" + sound),
                Arguments.of(65, "must be a JSON object", "[{" + sound + "}]"),
                Arguments.of(65, "Duplicate", "{" + sound + ", \"d_ff\": 8}"),
                Arguments.of(65, "unknown key \"layers\"", "{" + sound + ", \"layers\": 8}"),
                Arguments.of(65, "\"num_heads\" is missing", "{" + rest + ", \"num_layers\": 1}"),
                Arguments.of(65, "num_heads=\"2\"", "{" + rest + ", \"num_layers\": 1, \"num_heads\": \"2\"}"),
                Arguments.of(65, "num_heads=0", "{" + rest + ", \"num_layers\": 1, \"num_heads\": 0}"),
                Arguments.of(65, "num_heads=3", "{" + rest + ", \"num_layers\": 1, \"num_heads\": 3}"),
                Arguments.of(65, "num_kv_heads=3", "{" + sound + ", \"num_kv_heads\": 3}"),
                Arguments.of(65, "head_dim=7", "{" + sound + ", \"head_dim\": 7}"),
                Arguments.of(70, "GiB", "{" + rest + ", \"num_layers\": 1000000000, \"num_heads\": 2}"),
                Arguments.of(
                        65,
                        "2^63-1",
                        "{\"vocab_size\": 2000000000, \"context_length\": 2000000000, \"num_layers\": 2000000000,"
                                + " \"d_model\": 2000000000, \"num_heads\": 1, \"d_ff\": 2000000000}"));
    }

    @ParameterizedTest(name = "{2} exits with {0}")
    @MethodSource("configs")
    void aBadConfigGetsOneLineAndItsExitCode(int exitCode, String says, String config)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("model.json"), config);
        requireRefused(exitCode, says, Program.in(folder).run("run", "model.json", "--format", "json"));
    }

    @Test
    void textThatIsLongerThanTheContextIsRefused() throws Exception {
        requireRefused(
                65,
                "more than the context of 16",
                Program.in(folder).reading("word ".repeat(100)).run("run", TINY, "--text", "-"));
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws Exception {
        Files.write(folder.resolve("latin.txt"), new byte[] {(byte) 0xe9, 't', (byte) 0xe9});
        requireRefused(65, "not UTF-8", Program.in(folder).run("run", TINY, "--text", "latin.txt"));
    }

    @Test
    void aModelThatDoesNotFitIsToldWhatWould() throws Exception {
        requireRefused(
                70,
                "--context",
                Program.in(folder).run("run", "gpt2-small", "--context", "2000000", "--format", "json"));
    }

    private static void requireRefused(int exitCode, String says, Outcome outcome) {
        assertThat(outcome.err()).contains(says).startsWith("flopscope: ").hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
    }
}
