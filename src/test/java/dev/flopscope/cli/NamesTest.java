package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of models that a terminal, a browser, Markdown or a spreadsheet would take for something else. */
final class NamesTest {
    private static final Path TINY = Path.of("src/test/resources/models/tiny.json");

    @TempDir
    private Path folder = Path.of("");

    private Outcome account(String name, String... options) throws IOException {
        Files.copy(TINY, folder.resolve(name));
        List<String> words = new ArrayList<>(List.of("account", "./" + name));
        words.addAll(List.of(options));
        Outcome outcome = InProcess.in(folder).run(words);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome;
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "csv", "md", "html"})
    void noControlCharacterIsPrinted(String format) throws Exception {
        String out = account("line\nbreak\u001b[31m\u009b\u202e.json", "--format", format)
                .out();
        assertThat(out.chars().filter(character -> character != '\n' && character != '\t'))
                .as(out)
                .noneMatch(Character::isISOControl);
        assertThat(out).contains("nbreak").doesNotContain("line\nbreak", "\u202e");
    }

    @Test
    void noNameIsALinkOrMarkup() throws Exception {
        assertThat(account("[l](u)![i](u)<b>.json", "--format", "md").out())
                .contains("\\[l](u)!\\[i](u)&lt;b>")
                .doesNotContain(" [l]");
        assertThat(account("<img src=x>.json", "--format", "html").out()).doesNotContain("<img src=x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1+1", "@a"})
    void noNameIsAFormulaAndASweepFindsItAgain(String name) throws Exception {
        assertThat(account(name + ".json", "--format", "csv").out()).contains("\n'" + name + ",");
        String sweep = "sweep ./" + name + ".json --context 4 --repetitions 1 --output ./s.csv --format csv";
        assertThat(InProcess.in(folder).run(sweep).exitCode()).isZero();
        assertThat(InProcess.in(folder).run(sweep + " --resume").err()).contains("1 of 1 rows are there");
    }

    @Test
    void aFileThatIsCalledByItsEndingKeepsIt() throws Exception {
        String json = account(".json", "--format", "json").out();
        assertThat(new ObjectMapper()
                        .readTree(json)
                        .at("/accounts/0/model/name")
                        .asText())
                .isEqualTo(".json");
    }

    @Test
    void equalContextsBatchesAndModelsAreTakenOnce() throws Exception {
        String json = account(
                        "m.json",
                        "./m.json",
                        "./../" + folder.getFileName() + "/m.json",
                        "--context",
                        "8,4,8-8",
                        "--batch",
                        "1,1",
                        "--format",
                        "json")
                .out();
        assertThat(new ObjectMapper().readTree(json).at("/accounts"))
                .extracting(account -> account.at("/context").asInt())
                .containsExactly(8, 4);
        Outcome sweep = InProcess.in(folder)
                .run("sweep ./m.json ./m.json --context 8,4,8 --batch 1,1 --threads 1,1 --attention full,full"
                        + " --repetitions 1 --format csv");
        assertThat(sweep.out().lines()).hasSize(3);
    }
}
