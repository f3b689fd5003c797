package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.SmallCeilings;
import dev.flopscope.config.Engine;
import dev.flopscope.document.Browser;
import dev.flopscope.document.Format;
import dev.flopscope.document.Report;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.hardware.HardwareReport;
import dev.flopscope.report.profile.ProfileReport;
import dev.flopscope.run.HardwareResult;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.ProfiledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of every command as people get to see it. */
@TestInstance(Lifecycle.PER_CLASS)
class PagesInBrowserTest {
    private static final String INPUT =
            Path.of("src/test/resources/golden/input").toAbsolutePath().toString();
    private static final Map<String, String> COMMANDS = Map.of(
            "account", "account gpt2-small",
            "account-decode", "account gpt2-small --decode 8",
            "account-side-by-side", "account gpt2-small gpt2-xl",
            "run", "run TINY --threads 1 --decode 3",
            "compare", "compare " + INPUT + "/before.json " + INPUT + "/after.json",
            "sweep", "sweep TINY --threads 1 --context 4,8,16 --repetitions 3");

    /** Saves a chart in a format, and gives what the browser got: the end of a name, a type, and the width of the picture. */
    private static final String SAVED = """
            const [chart, format, done] = arguments;
            const button = [...document.querySelectorAll(`[data-chart="${chart}"] .save button`)]
              .find(each => each.textContent === format);
            let saved;
            URL.createObjectURL = blob => { saved = blob; return 'blob:none'; };
            HTMLAnchorElement.prototype.click = function () {
              const image = new Image();
              const reader = new FileReader();
              reader.onload = () => { image.src = reader.result; };
              image.onload = () => done([this.download.slice(-chart.length - 5), saved.type, image.width]);
              image.onerror = () => done(['no picture']);
              reader.readAsDataURL(saved);
            };
            button.click();""";

    /**
     * What a chart must have.
     *
     * @param word what each bar or point is called, or has beside it
     * @param words how many of those
     * @param lines how many lines are 1.5 pixels wide: three an interval, with its caps, and one a ceiling
     */
    private record Drawn(String page, String chart, String word, long words, long lines) {}

    private static final String PERCENT = "^\\d+\\.\\d %$";
    private static final List<Drawn> DRAWN = List.of(
            new Drawn("account", "share-of-flops", PERCENT, 10, 0),
            new Drawn("account-decode", "share-of-flops", PERCENT, 20, 0),
            new Drawn("account-side-by-side", "components", "^gpt2-(small|xl)$", 2, 0),
            new Drawn("account-side-by-side", "flops-by-account", "FLOPs, × \\d", 2, 0),
            new Drawn("run", "shares", PERCENT, 22, 0),
            new Drawn("run", "shares-decode", PERCENT, 22, 0),
            // The pass and ffn_up are slower, and the legend has the word too.
            new Drawn("compare", "intervals", "^slower$", 3, 102),
            new Drawn("hardware", "ceilings", "^\\d+ (large|attention|skinny|vector)$", 8, 2),
            new Drawn("profile", "shares", PERCENT, 22, 0),
            new Drawn("profile", "roofline", "^(attn_scores|lm_head)$", 4, 2),
            new Drawn("profile", "layers", "^no layer$", 1, 0),
            new Drawn("profile", "map", "^pass$", 1, 0),
            new Drawn("profile", "repetitions", "^median$", 3, 0),
            new Drawn("sweep", "seconds", "^(4|8|16)$", 3, 9),
            new Drawn("sweep", "gflops", "^T$", 1, 0),
            new Drawn("sweep", "rate", "^T$", 1, 9));

    /** How many texts of a chart are such a word, and how many of its lines are 1.5 pixels wide. */
    private static final String COUNTED = """
            const [chart, word] = arguments;
            const within = (what) => [...document.querySelectorAll(`[data-chart="${chart}"] svg ${what}`)];
            return [
              within('text').filter(text => new RegExp(word).test(text.textContent)).length,
              within('path').filter(path => path.getAttribute('stroke-width') === '1.5'
                && !path.getAttribute('d').includes('A')).length,
            ];""";

    private @Nullable Browser started;
    private Path folder = Path.of("");

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        started = Browser.start();
        this.folder = folder;
        for (Map.Entry<String, String> command : COMMANDS.entrySet()) {
            InProcess.Outcome outcome = InProcess.in(folder)
                    .run(command.getValue() + " --output ./" + command.getKey() + ".html --output ./" + command.getKey()
                            + ".json");
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        }
        Files.writeString(folder.resolve("claims.csv"), """
                id,model,context,quantity,claimed,precision,parts
                right,gpt2-small,1024,parameters,"190,460,160",exact,
                a.long.name_of_a_claim_that_is_wrong,gpt2-small,1024,parameters,"190,460,161",exact,
                """);
        InProcess.in(folder).run("verify --claims ./claims.csv --output ./verify.html");
        Measurement measured = ProfiledModel.decoded();
        save("profile", new ProfileReport(measured, Grouping.KIND, 3));
        save(
                "hardware",
                new HardwareReport(new HardwareResult(
                        measured.machine(),
                        Engine.ONEDNN,
                        CpuTopology.unknown(),
                        OptionalLong.empty(),
                        List.of(SmallCeilings.CEILINGS, twice(SmallCeilings.CEILINGS)))));
    }

    private void save(String name, Report report) throws IOException {
        Files.writeString(folder.resolve(name + ".html"), Format.HTML.render(report, List.of()));
    }

    private static Ceilings twice(Ceilings one) {
        return new Ceilings(2, one.loop(), one.fusedMultiplyAdd(), one.memory(), one.products());
    }

    @AfterAll
    void close() {
        if (started != null) {
            started.close();
        }
    }

    private Browser opened(String page, int width, String scheme) {
        if (started == null) {
            throw new IllegalStateException("no browser was started");
        }
        started.open(folder.resolve(page + ".html"), width, scheme);
        return started;
    }

    private static Stream<String> pages() {
        return Stream.of(
                "account",
                "account-decode",
                "account-side-by-side",
                "run",
                "compare",
                "sweep",
                "verify",
                "profile",
                "hardware");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void nothingIsOutOfSightOnAPhoneAndNothingComplains(String page) {
        Browser browser = opened(page, 390, "dark");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo(390L);
        assertThat(browser.wordsCutOff()).isEqualTo(List.of());
        assertThat(browser.evaluate("document.querySelector('.byline').textContent"))
                .asString()
                .containsPattern(
                        page.startsWith("account") || page.equals("verify")
                                ? "^Flopscope .* UTC$"
                                : ", \\d+ threads?, engine \\w+ \\(.* · Flopscope .* UTC$");
        assertThat(
                        browser.evaluate(
                                "[...document.querySelectorAll('th.verdict, td.verdict')]"
                                        + ".map(cell => cell.getBoundingClientRect()).every(({ left, right }) => left > 0 && right < 390)"))
                .as("verdicts in sight, though no table was scrolled")
                .isEqualTo(true);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBarPointAndIntervalIsThereAndEveryChartCanBeSaved(String page) {
        Browser browser = opened(page, 1280, "light");
        List<Drawn> charts =
                DRAWN.stream().filter(chart -> chart.page().equals(page)).toList();
        assertThat(browser.evaluate(
                        "[...document.querySelectorAll('figure svg')].map(svg => svg.closest('figure').dataset.chart)"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .containsAll(charts.stream().map(Drawn::chart).toList());
        for (Drawn chart : charts) {
            assertThat(browser.driver().executeScript(COUNTED, chart.chart(), chart.word()))
                    .as(chart.toString())
                    .isEqualTo(List.of(chart.words(), chart.lines()));
            assertThat(browser.driver().executeAsyncScript(SAVED, chart.chart(), "PNG"))
                    .isEqualTo(List.of("-" + chart.chart() + ".png", "image/png", 1920L));
        }
        if (!charts.isEmpty()) {
            String first = charts.get(0).chart();
            assertThat(browser.driver().executeAsyncScript(SAVED, first, "SVG"))
                    .isEqualTo(List.of("-" + first + ".svg", "image/svg+xml", 960L));
        }
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.evaluate("performance.getEntriesByType('resource').map(each => each.name)"
                        + ".filter(name => !name.startsWith('data:'))"))
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"account", "account-decode", "account-side-by-side", "run", "compare", "sweep"})
    void theFiguresOfAPageAreTheJsonReport(String page) throws IOException {
        String html = Files.readString(folder.resolve(page + ".html"));
        String start = "<script type=\"application/json\" id=\"figures\">";
        int from = html.indexOf(start) + start.length();
        ObjectNode report = (ObjectNode) JsonMask.read(Files.readString(folder.resolve(page + ".json")));
        report.remove("command_line");
        assertThat(JsonMask.read(html.substring(from, html.indexOf("</script>", from))))
                .isEqualTo(report);
    }

    @ParameterizedTest
    @CsvSource({"verify, OFF, bad", "verify, HOLDS, good", "compare, slower, bad", "compare, equal, good"})
    void verdictsAreToldApartByWordAndByColour(String page, String word, String tone) throws IOException {
        assertThat(Files.readString(folder.resolve(page + ".html")))
                .contains("<td class=\"verdict " + tone + "\">" + word + "</td>");
    }
}
