package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options that decide in which passes a prompt is read, and files that hold rows. */
class OptionsTest {
    private static final String TINY = "src/test/resources/models/tiny.json";

    /**
     * What a command line gave.
     *
     * @param exitCode its exit code
     * @param out standard output
     * @param err standard error
     */
    private record Outcome(int exitCode, String out, String err) {}

    private static Outcome execute(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(arguments.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("'0'", List.of("run", TINY, "--chunk", "0")),
                Arguments.of("'first' is not one of all, last", List.of("run", TINY, "--logits", "first")),
                Arguments.of(
                        "more than 1048576 chunks", List.of("account", TINY, "--context", "2000000", "--chunk", "1")),
                Arguments.of("'jsonl' is for rows, which sweep alone has", List.of("run", TINY, "--output", "a.jsonl")),
                Arguments.of("'jsonl' is for rows", List.of("account", TINY, "--format", "jsonl")),
                Arguments.of(".json, .jsonl or .csv", List.of("sweep", TINY, "--resume", "--output", "a.md")));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongOptionIsOneLineAndNothingRuns(String says, List<String> arguments) {
        Outcome outcome = execute(arguments);
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains(says).hasLineCount(1);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void chunksAndLogitsChangeTheClosedForms() throws Exception {
        JsonNode whole = account();
        JsonNode chunked = account("--chunk", "5", "--logits", "last", "--decode", "3");
        assertThat(chunked.at("/accounts/0/chunk").asInt()).isEqualTo(5);
        assertThat(chunked.at("/accounts/0/phases/0/sites/0/calls").asInt()).isEqualTo(2 * 4);
        assertThat(chunked.at("/accounts/0/phases/0/sites/0/expected"))
                .isEqualTo(whole.at("/accounts/0/phases/0/sites/0/expected"));
        assertThat(chunked.at("/accounts/0/phases/0/components/lm_head").asLong() * 16)
                .isEqualTo(whole.at("/accounts/0/phases/0/components/lm_head").asLong());
        assertThat(chunked.at("/accounts/0/phases/1/steps").asInt()).isEqualTo(3);
    }

    private static JsonNode account(String... options) throws Exception {
        List<String> arguments = Stream.concat(Stream.of("account", TINY, "--format", "json"), Stream.of(options))
                .toList();
        return new ObjectMapper().readTree(execute(arguments).out());
    }

    @Test
    void everyCommandHasHelpInLinesThatFit() {
        for (String command : List.of("run", "profile", "account", "verify", "sweep", "compare", "hardware")) {
            Outcome outcome = execute(List.of(command, "--help"));
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out().lines())
                    .as(command)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
        assertThat(execute(List.of("profile", "--help")).out()).contains("--chunk=N", "--logits=WHICH", "--decode=N");
    }
}
