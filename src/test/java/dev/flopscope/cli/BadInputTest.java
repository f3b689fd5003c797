package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One line on standard error, the documented exit code, nothing on standard output, no file left.
 *
 * <p>A case is a line of a table: the exit code, what the line on standard error must name, and what is wrong.
 */
final class BadInputTest {
    private static final String NO_COUNTS = """
            "vocab_size": 50, "context_length": 8, "d_model": 16, "d_ff": 8""";

    private static final String SOUND = NO_COUNTS + """
            , "num_layers": 1, "num_heads": 2""";

    @TempDir
    private Path folder = Path.of("");

    /** A folder that is named like a file, and a file that is no result: all that may be there afterwards. */
    @BeforeEach
    void fillTheFolder() throws IOException {
        Files.createDirectory(folder.resolve("folder.json"));
        Files.writeString(folder.resolve("other.json"), "{}");
    }

    /** TINY is a model; files whose names begin with {@code ./} are in a folder that has folder.json and other.json. */
    @ParameterizedTest(name = "{2} exits with {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # exit | the line names                       | arguments
            2  | command is missing                       | ""
            2  | frobnicate                               | frobnicate
            2  | --frobnicate                             | run gpt2-small --frobnicate
            2  | MODEL                                    | run
            2  | gpt9                                     | run gpt9
            2  | '0'                                      | run TINY --context 0
            2  | '-1'                                     | run TINY --context -1
            2  | 1e9x                                     | run TINY --context 1e9x
            2  | '0'                                      | run TINY --batch 0
            2  | '0'                                      | run TINY --threads 0
            2  | more than 256                            | run TINY --threads 257
            2  | 'lots'                                   | run TINY --seed lots
            2  | 'half'                                   | run TINY --weights half
            2  | 'flash'                                  | run TINY --attention flash
            2  | '8'                                      | run TINY --tile 8
            2  | '0'                                      | run TINY --tile 0x4
            2  | not full                                 | run TINY --tile 4x4 --attention full
            2  | 'yaml'                                   | run TINY --format yaml
            70 | --context                                | run gpt2-small --context 2000000 --format json

            2  | '0'                                      | run TINY --decode 0
            2  | more than the 1048576                    | run TINY --decode 1048577
            70 | --decode                                 | run gpt2-xl --weights shared --decode 1000000
            2  | '0'                                      | profile TINY --decode 0
            2  | more than the 1048576                    | profile TINY --decode 1048577
            70 | --decode                                 | profile gpt2-xl --weights shared --decode 1000000

            2  | more than 1048576 chunks                 | run TINY --chunk 2 --context 2000000000

            2  | mutually exclusive                       | run TINY --text - --tokens 1
            65 | 50257                                    | run TINY --tokens 1,50257
            65 | -4                                       | run TINY --tokens -4,1
            65 | 'one'                                    | run TINY --tokens one
            65 | does not exist                           | run TINY --tokens @./missing.ids
            65 | does not exist                           | run TINY --text ./missing.txt
            65 | no tokens                                | run TINY --text -

            2  | './report.docx'                          | run TINY --output ./report.docx
            73 | does not exist                           | run TINY --output ./missing/report.json
            73 | it is a folder                           | run TINY --output ./folder.json
            2  | './a.txt'                                | run TINY --trace ./a.txt
            2  | './a.json'                               | run TINY --jfr ./a.json
            2  | one file                                 | run TINY --trace ./folder.json/../a.json --output ./a.json
            73 | does not exist                           | run TINY --trace ./missing/a.json.gz
            73 | does not exist                           | profile TINY --jfr ./missing/a.jfr
            73 | it is a folder                           | profile TINY --trace ./folder.json

            2  | '0'                                      | profile TINY --repetitions 0
            2  | '-1'                                     | profile TINY --warm-up -1
            2  | '0'                                      | profile TINY --top 0
            2  | 'head' is not one of kind, layer, site   | profile TINY --by head
            2  | gpt9                                     | profile gpt9

            2  | 1e9x                                     | account TINY --context 1e9x
            2  | does not grow                            | account TINY --context 9-3
            2  | '99999999999'                            | account TINY --decode 99999999999

            2  | more than 256                            | sweep TINY --threads 1,257
            2  | 'flash'                                  | sweep TINY --attention full,flash
            2  | not full                                 | sweep TINY --tile 4x4 --attention full
            2  | --output                                 | sweep TINY --resume --output ./sweep.md
            65 | not the JSON of a sweep                  | sweep TINY --resume --output ./other.json
            65 | 2^63-1                                   | sweep TINY --context 8,2000000000

            2  | parameter: 'B'                           | compare TINY
            2  | 'much'                                   | compare TINY TINY --margin much
            2  | '-5%'                                    | compare TINY TINY --fail-above -5%
            2  | 'layer'                                  | compare TINY TINY --by layer
            65 | is not the JSON of one run               | compare TINY TINY
            65 | does not exist                           | compare ./missing.json TINY
            """)
    void aBadCommandLineGetsOneLineAndItsExitCode(int exitCode, String names, String arguments) throws IOException {
        requireRefused(exitCode, names, InProcess.in(folder).run(arguments));
    }

    /** SOUND stands for all the keys that a config must have, NO_COUNTS for all but the numbers of layers and heads. */
    @ParameterizedTest(name = "{2} exits with {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # exit | the line names      | config
            65 | is empty                | ``
            65 | not valid JSON          | {SOUND
            65 | must be a JSON object   | [{SOUND}]
            65 | Duplicate               | {SOUND, "d_ff": 8}
            65 | unknown key "layers"    | {SOUND, "layers": 8}
            65 | "num_heads" is missing  | {NO_COUNTS, "num_layers": 1}
            65 | num_heads="2"           | {NO_COUNTS, "num_layers": 1, "num_heads": "2"}
            65 | num_heads=0             | {NO_COUNTS, "num_layers": 1, "num_heads": 0}
            65 | num_heads=3             | {NO_COUNTS, "num_layers": 1, "num_heads": 3}
            65 | num_kv_heads=3          | {SOUND, "num_kv_heads": 3}
            65 | head_dim=7              | {SOUND, "head_dim": 7}
            65 | num_layers=1000000000   | {NO_COUNTS, "num_layers": 1000000000, "num_heads": 2}
            65 | 2^63-1                  | {"vocab_size": 2000000000, "context_length": 2000000000, "num_layers": 100000, "d_model": 2000000000, "num_heads": 1, "d_ff": 2000000000}
            """)
    void aBadConfigGetsOneLineAndItsExitCode(int exitCode, String names, String config) throws IOException {
        Path model = folder.resolve("model.json");
        Files.writeString(model, config.replace("SOUND", SOUND).replace("NO_COUNTS", NO_COUNTS));
        Outcome outcome = InProcess.in(folder).run("run ./model.json --format json");
        Files.delete(model);
        requireRefused(exitCode, names, outcome);
    }

    @Test
    void textThatIsLongerThanTheContextIsRefused() throws Exception {
        requireRefused(
                65,
                "more than the context of 16",
                InProcess.in(folder).reading("word ".repeat(100)).run("run TINY --text -"));
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws Exception {
        Path latin = folder.resolve("latin.txt");
        Files.write(latin, new byte[] {(byte) 0xe9, 't', (byte) 0xe9});
        Outcome outcome = InProcess.in(folder).run("run TINY --text ./latin.txt");
        Files.delete(latin);
        requireRefused(65, "not UTF-8", outcome);
    }

    private void requireRefused(int exitCode, String names, Outcome outcome) throws IOException {
        assertThat(outcome.err()).contains(names).startsWith("flopscope: ").hasLineCount(1);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }
}
