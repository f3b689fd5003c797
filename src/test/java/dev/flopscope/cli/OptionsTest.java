package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

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

    /** Picocli breaks lines within words, as before the point of a file's ending; so words are chosen that stay whole. */
    @Test
    void helpOfAnyWidthKeepsWordsWhole() {
        for (int width = 80; width <= 120; width += 4) {
            int columns = width;
            CommandLine program = Main.commandLine(
                            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()))
                    .setHelpFactory((spec, colors) -> {
                        spec.usageMessage().width(columns);
                        return new CommandLine.Help(spec, colors);
                    });
            program.getSubcommands().forEach((name, command) -> {
                List<String> shown = List.of(command.getUsageMessage(Ansi.OFF).split("\\s+", -1));
                assertThat(shown).as("%s at %d", name, columns).containsAll(words(command.getCommandSpec()));
            });
        }
    }

    private static List<String> words(CommandSpec command) {
        return Stream.concat(
                        Stream.of(command.usageMessage().description()),
                        command.args().stream().flatMap(argument -> Stream.of(argument.description())))
                .flatMap(text -> Stream.of(text.split("\\s+", -1)))
                .filter(word -> !word.contains("${"))
                .map(word -> word.replace("%%", "%"))
                .toList();
    }
}
