package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.TraceRules;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --trace}, {@code --jfr}, and Java's own flight recorder, of runs and profiles. */
final class RecordingIT {
    private static final String TINY =
            Path.of("src/test/resources/models/tiny.json").toAbsolutePath().toString();
    private static final String PRODUCT = "dev.flopscope.MatrixProduct";
    private static final String STEP = "dev.flopscope.Step";

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    /** On one thread, the report's times are sums of the trace's to the nanosecond, since both were told the same spans. */
    @Test
    void aRunsTraceAndRecordingHoldExactlyWhatItsReportSays() throws Exception {
        JsonNode report = report(Program.in(folder)
                .run(
                        "run",
                        TINY,
                        "--threads",
                        "1",
                        "--tile",
                        "5x3",
                        "--format",
                        "json",
                        "--trace",
                        "a.json",
                        "--jfr",
                        "a.jfr"));
        JsonNode trace = TraceRules.read(Files.readAllBytes(folder.resolve("a.json")));
        assertThat(TraceRules.brokenBy(trace)).isEmpty();
        List<JsonNode> products = TraceRules.spans(trace, "product");
        assertThat(products).hasSize((int) calls(report));
        assertThat(flops(products)).isEqualTo(report.at("/flops/counted").asLong());
        assertThat(seconds(products).doubleValue())
                .isCloseTo(report.at("/seconds/matmul").asDouble(), within(1e-12));
        double steps = StreamSupport.stream(report.at("/steps").spliterator(), false)
                .mapToDouble(step -> step.at("/seconds").asDouble())
                .sum();
        assertThat(seconds(TraceRules.spans(trace, "step")).doubleValue()).isCloseTo(steps, within(1e-12));
        assertThat(TraceRules.spans(trace, "part").stream()
                        .map(part -> part.at("/name").asText()))
                .containsExactly(
                        "pass 1",
                        "layer 0",
                        "attention",
                        "feed-forward",
                        "layer 1",
                        "attention",
                        "feed-forward",
                        "head");
        assertThat(trace.at("/otherData/spans_left_out").asLong(-1)).isZero();

        List<RecordedEvent> events = RecordingFile.readAllEvents(folder.resolve("a.jfr"));
        assertHoldsTheProductsOf(report, events, 1);
        assertThat(events.stream()
                        .filter(event -> event.getEventType().getName().equals(STEP)))
                .hasSameSizeAs(TraceRules.spans(trace, "step"))
                .allMatch(event -> event.getThread().getJavaName().equals("main"));
    }

    @Test
    void aProfilesTraceAndRecordingHoldItsRepetitionsAndNoWarmUp() throws Exception {
        JsonNode report = report(Program.in(folder)
                .run(
                        "profile",
                        TINY,
                        "--threads",
                        "2",
                        "--tile",
                        "5x3",
                        "--repetitions",
                        "3",
                        "--warm-up",
                        "4",
                        "--format",
                        "json",
                        "--trace",
                        "a.json.gz",
                        "--jfr",
                        "a.jfr"));
        JsonNode trace;
        try (InputStream file = new GZIPInputStream(Files.newInputStream(folder.resolve("a.json.gz")))) {
            trace = TraceRules.read(file.readAllBytes());
        }
        assertThat(TraceRules.brokenBy(trace)).isEmpty();
        List<JsonNode> products = TraceRules.spans(trace, "product");
        assertThat(products).hasSize((int) (3 * calls(report)));
        assertThat(flops(products)).isEqualTo(3 * report.at("/flops/counted").asLong());
        assertThat(TraceRules.spans(trace, "part").stream()
                        .map(part -> part.at("/name").asText())
                        .filter(name -> name.startsWith("pass")))
                .containsExactly("pass 1", "pass 2", "pass 3");
        assertHoldsTheProductsOf(report, RecordingFile.readAllEvents(folder.resolve("a.jfr")), 3);
    }

    /** What a user gets who knows nothing of our options. */
    @Test
    void javasOwnRecorderSeesEveryProductWithNoOptionOfOurs() throws Exception {
        // Java says on standard output that it records, so the report is read from a file.
        Outcome outcome = Program.in(folder)
                .with("JAVA_TOOL_OPTIONS", "-XX:StartFlightRecording:filename=own.jfr")
                .run("run", TINY, "--output", "own.json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode report = mapper.readTree(folder.resolve("own.json").toFile());
        assertHoldsTheProductsOf(report, RecordingFile.readAllEvents(folder.resolve("own.jfr")), 1);
    }

    /** Starting it would take part of the first product's time. */
    @Test
    void aRunThatRecordsNothingDoesNotStartJavasRecorder() throws Exception {
        report(Program.in(folder)
                .with("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=classes.txt:none:filecount=0")
                .run("run", TINY, "--format", "json"));
        assertThat(Files.readAllLines(folder.resolve("classes.txt")))
                .anyMatch(line -> line.startsWith("dev.flopscope.flight.Flight "))
                .noneMatch(line -> line.startsWith("jdk.jfr.internal."))
                .noneMatch(line -> line.startsWith("jdk.jfr.Event "));
    }

    @Test
    void aJavaWithoutTheFlightRecorderRunsAndRefusesToRecord() throws Exception {
        Program program =
                Program.in(folder).with("JAVA_TOOL_OPTIONS", "--limit-modules=java.se,jdk.unsupported,jdk.management");
        assertThat(program.run("run", TINY, "--trace", "a.json").exitCode()).isZero();
        assertThat(TraceRules.brokenBy(TraceRules.read(Files.readAllBytes(folder.resolve("a.json")))))
                .isEmpty();
        Outcome outcome = program.run("run", TINY, "--jfr", "a.jfr");
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err())
                .endsWith("flopscope: a.jfr: this Java runtime has no JDK Flight Recorder (module jdk.jfr)\n");
        assertThat(outcome.out()).isEmpty();
        assertThat(folder.resolve("a.jfr")).doesNotExist();
    }

    private JsonNode report(Outcome outcome) throws IOException {
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err().lines().filter(line -> !line.startsWith("Picked up")))
                .isEmpty();
        return mapper.readTree(outcome.out());
    }

    private static void assertHoldsTheProductsOf(JsonNode report, List<RecordedEvent> events, int passes) {
        List<RecordedEvent> products = events.stream()
                .filter(event -> event.getEventType().getName().equals(PRODUCT))
                .toList();
        assertThat(products).hasSize((int) (passes * calls(report)));
        assertThat(products.stream()
                        .mapToLong(product -> product.getLong("flops"))
                        .sum())
                .isEqualTo(passes * report.at("/flops/counted").asLong());
        assertThat(products).allSatisfy(product -> {
            assertThat(product.getLong("flops"))
                    .isEqualTo(2 * product.getLong("m") * product.getLong("k") * product.getLong("n"));
            assertThat(product.getInt("layer"))
                    .isBetween(product.getString("kind").equals("lm_head") ? -1 : 0, 1);
            assertThat(product.getDuration()).isPositive();
            assertThat(product.getStackTrace()).isNull();
        });
    }

    private static long calls(JsonNode report) {
        JsonNode sites = report.at("/sites");
        return StreamSupport.stream(sites.spliterator(), false)
                .mapToLong(site -> site.at("/calls").asLong())
                .sum();
    }

    private static long flops(List<JsonNode> products) {
        return products.stream()
                .mapToLong(product -> product.at("/args/flops").asLong())
                .sum();
    }

    private static BigDecimal seconds(List<JsonNode> spans) {
        return spans.stream()
                .map(span -> span.at("/dur").decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .movePointLeft(6);
    }
}
