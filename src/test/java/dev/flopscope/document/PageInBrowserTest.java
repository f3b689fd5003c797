package dev.flopscope.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.TestRuns;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.machine.Build;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.profile.ProfileReport;
import dev.flopscope.report.sweep.SweepReport;
import dev.flopscope.run.ProfiledModel;
import dev.flopscope.sweep.Environment;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Measured.Totals;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of a profile as people get to see it. Its pictures are left under {@code target/pages}. */
@TestInstance(Lifecycle.PER_CLASS)
class PageInBrowserTest {
    private static final Map<String, ProfileReport> REPORTS = Map.of(
            "profile", new ProfileReport(ProfiledModel.profiled(), Grouping.KIND, 3),
            "decode", new ProfileReport(ProfiledModel.decoded(), Grouping.KIND, 3));
    private static final Path PICTURES = Path.of("target", "pages");

    /** Names of areas whose milliseconds are not where the tables should have them, rounded to as many decimals as a cell has. */
    private static final String AREAS_WITHOUT_A_CELL = """
            const pass = JSON.parse(document.getElementById('figures').textContent).phases[0].tree;
            const [layers, parts] = document.querySelectorAll('[data-chart=map] ~ details table');
            const shows = ({ textContent: text }, part) =>
              Math.abs(parseFloat(text.replaceAll(',', '')) - part.nanoseconds / 1e6) < 0.51 * 10 ** -text.split('.')[1].length;
            const columns = [...layers.tHead.rows[0].cells].map(cell => cell.textContent);
            return pass.parts.flatMap(part => {
              if (!part.parts) {
                return [...parts.tBodies[0].rows].some(row =>
                  row.cells[0].textContent.trim() === part.name && shows(row.cells[1], part)) ? [] : [part.name];
              }
              const row = [...layers.tBodies[0].rows].find(each => each.cells[0].textContent === part.name);
              return part.parts.filter(each => !shows(row.cells[columns.indexOf(each.name)], each))
                .map(each => `${part.name} ${each.name}`);
            });""";

    private @Nullable Browser started;
    private Path folder = Path.of("");

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        started = Browser.start();
        this.folder = folder;
        for (Map.Entry<String, ProfileReport> report : REPORTS.entrySet()) {
            Files.writeString(page(report.getKey()), Format.HTML.render(report.getValue(), List.of()));
        }
        Files.createDirectories(PICTURES);
    }

    @AfterAll
    void close() {
        if (started != null) {
            started.close();
        }
    }

    private Path page(String name) {
        return folder.resolve(name + ".html");
    }

    private Browser browser() {
        if (started == null) {
            throw new IllegalStateException("no browser was started");
        }
        return started;
    }

    @ParameterizedTest
    @CsvSource({
        "profile, 1280, light",
        "profile, 1280, dark",
        "profile, 390, light",
        "profile, 390, dark",
        "decode, 1280, light",
        "decode, 1280, dark",
        "decode, 390, light",
        "decode, 390, dark"
    })
    void nothingIsCutOffAndNothingComplains(String page, int width, String scheme) throws IOException {
        Browser browser = browser();
        browser.open(page(page), width, scheme);
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.evaluate("window.injected === undefined")).isEqualTo(true);
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth && window.innerWidth"))
                .isEqualTo((long) width);
        assertThat(browser.evaluate("[...document.querySelectorAll('figure[data-chart] svg')].map(svg =>"
                        + " svg.getBoundingClientRect().height > 300 && svg.querySelectorAll('path').length > 10"
                        + " && svg.getBoundingClientRect().right <= window.innerWidth)"))
                .isEqualTo(List.of(true, true, true, true, true));
        assertThat(browser.wordsCutOff()).isEqualTo(List.of());
        assertThat(labelsCovered(browser)).isEqualTo(List.of());
        Files.write(PICTURES.resolve(page + "-" + width + "-" + scheme + ".png"), browser.picture(width));
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(scheme.equals("dark") ? "rgb(20, 23, 26)" : "rgb(255, 255, 255)");
    }

    /** Pairs of the roofline's labels of which one covers the other by more than the blank around its letters. */
    private static Object labelsCovered(Browser browser) {
        return browser.evaluate("(() => { const labels = [...document.querySelectorAll('[data-chart=roofline] text')]"
                + "  .filter(text => text.textContent.includes('_'))"
                + "  .map(text => [text.textContent, text.getBoundingClientRect()]);"
                + " return labels.flatMap(([a, one]) => labels.filter(([b, other]) => a < b"
                + "   && one.left < other.right && other.left < one.right"
                + "   && one.top + 4 < other.bottom && other.top + 4 < one.bottom)"
                + "  .map(([b]) => `${a} ${b}`)); })()");
    }

    /** As many hollow points as kinds, in a series of their own, and the tables that have their numbers. */
    @Test
    void decodingHasPointsInTheRooflineAndTablesOfItsOwn() {
        Browser browser = browser();
        browser.open(page("decode"), 1280, "light");
        assertThat(browser.evaluate("document.querySelector('[data-chart=roofline] svg').textContent"))
                .asString()
                .contains("prefill, ", "decode, skinny products", "decode, vector products");
        assertThat(browser.evaluate("new Set([...document.querySelectorAll('[data-chart=roofline] path')]"
                        + " .filter(path => path.getAttribute('fill') === '#ffffff' && path.hasAttribute('stroke'))"
                        + " .map(path => path.getAttribute('stroke'))).size"))
                .as("colours of hollow points: of ten kinds, and the legend's")
                .isEqualTo(11L);
        assertThat(browser.evaluate("document.body.textContent"))
                .asString()
                .contains("Prefill and decode", "Decoding 5 tokens, hotspots", "of memory", "The median decoding");
    }

    @Test
    void aSweepIsThreeChartsOfACurveAFamily(@TempDir Path folder) throws IOException {
        Path sweep = folder.resolve("sweep.html");
        Files.writeString(
                sweep,
                Format.HTML.render(
                        new SweepReport(new SweepResult(
                                List.of(
                                        row("one", 256, 1024, 1.0),
                                        row("one", 512, 1024, 2.5),
                                        row("one", 1024, 1024, 7.0),
                                        row("two", 256, 1024, 3.0),
                                        row("two", 512, 1024, 6.0)),
                                true)),
                        List.of()));
        Browser browser = browser();
        browser.open(sweep, 390, "light");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo(390L);
        assertThat(browser.wordsCutOff()).isEqualTo(List.of());
        assertThat(browser.evaluate("[...document.querySelectorAll('figure svg')].map(svg => svg.textContent)"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .hasSize(3)
                .allMatch(words -> words.contains("one, tiled, batch 1, 2 threads") && words.contains("two, tiled"));
        browser.open(sweep, 1280, "dark");
        Files.write(PICTURES.resolve("sweep-1280-dark.png"), browser.picture(1280));
    }

    @Test
    void tilesOfSeveralSizesAreCurvesOfTheirOwn(@TempDir Path folder) throws IOException {
        Path sweep = folder.resolve("tiles.html");
        List<SweepRow> rows = new ArrayList<>();
        for (int context : new int[] {256, 512, 1024}) {
            rows.add(row("one", context, 64, 0.001 * context));
            rows.add(row("one", context, 1024, 0.002 * context));
        }
        Files.writeString(sweep, Format.HTML.render(new SweepReport(new SweepResult(rows, true)), List.of()));
        Browser browser = browser();
        browser.open(sweep, 390, "light");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.wordsCutOff()).isEqualTo(List.of());
        assertThat(browser.evaluate("document.querySelector('figure svg').textContent"))
                .asString()
                .contains("one, tiled 256×64, batch 1, 2 threads: T^1.00")
                .contains("one, tiled 256×1024, batch 1, 2 threads: T^1.00");
    }

    /** FLOPs as the square of the context. */
    private static SweepRow row(String model, int context, int keyTile, double seconds) {
        long flops = 1_000_000L * context * context;
        return new SweepRow(
                new SweepPoint(TestRuns.of(TestModels.builder(model).build())
                        .context(context)
                        .attention(new Attention(Algorithm.TILED, 256, keyTile))
                        .build()),
                new Environment(
                        "CPU", 2, "AVX2", "OpenBLAS", "0.3.19", "Haswell", "17", "Linux amd64", new Build("1", "abc")),
                Instant.parse("2026-01-01T00:00:00Z"),
                Optional.of(new Measured(
                        new Totals(flops, flops, List.of(seconds)), Optional.empty(), true, OptionalLong.empty())),
                Optional.empty());
    }

    @Test
    void hotspotsSortByKeyboardAndTheirTotalStays() {
        Browser browser = browser();
        browser.open(page("profile"), 1280, "light");
        WebElement button = browser.driver()
                .findElements(By.cssSelector("table[data-sorts] thead button"))
                .get(1);
        WebElement header = button.findElement(By.xpath(".."));
        button.sendKeys(Keys.ENTER);
        assertThat(header.getDomAttribute("aria-sort")).isEqualTo("descending");
        List<Double> falling = numbers(browser);
        assertThat(falling).hasSize(10).isSortedAccordingTo((one, other) -> Double.compare(other, one));
        browser.driver().switchTo().activeElement().sendKeys(Keys.SPACE);
        assertThat(header.getDomAttribute("aria-sort")).isEqualTo("ascending");
        assertThat(numbers(browser)).isSorted().containsExactlyInAnyOrderElementsOf(falling);
        assertThat(browser.evaluate("document.querySelector('table[data-sorts] tfoot th').textContent"))
                .isEqualTo("all products");
        assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    /** Whoever cannot click opens the tables beneath the map by Enter; they have the time of each of its areas. */
    @Test
    void everyAreaOfTheMapIsInATableThatAKeyboardOpens() {
        Browser browser = browser();
        browser.open(page("profile"), 1280, "light");
        List<WebElement> summaries =
                browser.driver().findElements(By.cssSelector("[data-chart=map] ~ details > summary"));
        List<WebElement> tables = summaries.subList(0, 2);
        for (WebElement summary : tables) {
            summary.sendKeys(Keys.ENTER);
            assertThat(summary.findElement(By.xpath("..")).getDomAttribute("open"))
                    .isNotNull();
        }
        assertThat(browser.driver().executeScript(AREAS_WITHOUT_A_CELL)).isEqualTo(List.of());
    }

    /** ECharts' own zoom would keep the shape of the layer, and leave the rest blank. */
    @Test
    void aClickFillsTheMapWithOneLayerAndTheLineBelowLeadsBack() throws IOException {
        Browser browser = browser();
        browser.open(page("profile"), 1280, "light");
        // A layer that took too little time has no room for its name.
        List<String> layers = mapWords(browser).stream()
                .filter(word -> word.startsWith("layers."))
                .toList();
        assertThat(layers).hasSizeGreaterThan(1);
        click(browser, layers.get(0));
        assertThat(mapWords(browser)).contains(layers.get(0), "pass").doesNotContain(layers.get(1));
        assertThat(browser.evaluate("Math.max(...[...document.querySelectorAll('[data-chart=map] path[fill]')]"
                        + ".map(path => path.getBoundingClientRect().right))"
                        + " - document.querySelector('[data-chart=map] svg').getBoundingClientRect().right > -6"))
                .as("areas reach the right edge")
                .isEqualTo(true);
        Files.write(PICTURES.resolve("map-of-a-layer.png"), browser.picture(1280));
        click(browser, "pass");
        assertThat(mapWords(browser)).contains(layers.get(0), layers.get(1));
    }

    private static List<String> mapWords(Browser browser) {
        return ((List<?>) browser.evaluate(
                        "[...document.querySelectorAll('[data-chart=map] text')].map(text => text.textContent)"))
                .stream().map(String::valueOf).toList();
    }

    private static void click(Browser browser, String word) {
        browser.driver()
                .findElement(By.xpath("//*[@data-chart='map']//*[local-name()='text' and .='" + word + "']"))
                .click();
    }

    private static List<Double> numbers(Browser browser) {
        return browser
                .driver()
                .findElements(By.cssSelector("table[data-sorts]"))
                .get(0)
                .findElements(By.cssSelector("tbody td:nth-child(2)"))
                .stream()
                .map(cell -> Double.parseDouble(cell.getText().replace(",", "")))
                .toList();
    }

    @Test
    void paperIsLightAndHasNothingToUnfold() {
        Browser browser = browser();
        browser.open(page("profile"), 1280, "dark");
        browser.media("print", "dark");
        browser.driver().executeScript("window.dispatchEvent(new Event('beforeprint'))");
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(browser.evaluate("document.querySelectorAll('[data-chart=map] text').length > 5"
                        + " && document.querySelectorAll('[data-chart=map] text[opacity]').length"))
                .as("words that are still fading in")
                .isEqualTo(0L);
        assertThat(browser.evaluate("document.querySelectorAll('details:not([open])').length"))
                .isEqualTo(0L);
        assertThat(browser.evaluate("Math.max(...[...document.querySelectorAll('svg')].map(svg =>"
                        + " svg.getBoundingClientRect().width))"))
                .isEqualTo(680L);
    }
}
