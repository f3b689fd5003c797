package dev.flopscope.document;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, where the system has it. */
public final class Browser implements AutoCloseable {
    /** Kept, since a logger that nobody holds forgets its level. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it, or skips the test and says why. */
    public static Browser start() {
        Optional<Path> chromium = onPath("chromium").or(() -> onPath("google-chrome"));
        Optional<Path> chromedriver = onPath("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String reason = "no chromium and chromedriver on the PATH: the HTML page is not opened in a browser";
            System.err.println(reason);
            Assumptions.abort(reason);
        }
        // Selenium warns that it knows no bindings for this version of the browser; it needs none here.
        SELENIUM.setLevel(Level.SEVERE);
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        // Containers give no user namespaces to a sandbox, and little shared memory.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
        options.setCapability("goog:loggingPrefs", logging);
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                        .build(),
                options));
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens {@code file} on a screen of this width, in this colour scheme. */
    public void open(Path file, int width, String scheme) {
        media("screen", scheme);
        size(width, 900);
        driver.get(file.toUri().toString());
        // A busy machine may hand the page over before its scripts have run.
        driver.executeAsyncScript(
                "const done = arguments[0];"
                        + " if (document.readyState === 'complete') { done(); } else { addEventListener('load', () => done()); }");
    }

    /** {@code screen} or {@code print}; {@code light} or {@code dark}. */
    void media(String medium, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("media", medium, "features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void size(int width, long height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    public ChromeDriver driver() {
        return driver;
    }

    public Object evaluate(String script) {
        return Optional.ofNullable(driver.executeScript("return " + script)).orElse("null");
    }

    /** Words that cross the edge of their chart, where they would be cut off. */
    public Object wordsCutOff() {
        return evaluate("[...document.querySelectorAll('figure svg')].flatMap(svg => {"
                + " const box = svg.getBoundingClientRect();"
                + " return [...svg.querySelectorAll('text')].filter(text => {"
                + "  const at = text.getBoundingClientRect();"
                + "  return at.left < box.left - 1 || at.right > box.right + 1"
                + "   || at.top < box.top - 1 || at.bottom > box.bottom + 1;"
                + " }).map(text => text.textContent); })");
    }

    /** Everything that the console and the page's policy said since the last call. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The whole page as a picture. */
    public byte[] picture(int width) {
        size(width, ((Number) evaluate("document.documentElement.scrollHeight")).longValue());
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
