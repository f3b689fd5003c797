package dev.flopscope.cli;

import static dev.flopscope.cli.RecordingChecks.assertHoldsTheProductsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.TraceRules;
import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code run --trace --jfr}: on one thread, the report's times are sums of the trace's to the nanosecond, since both were told
 * the same spans.
 */
final class RecordingTest {
    private static final String STEP = "dev.flopscope.Step";

    @TempDir
    private static Path folder = Path.of("");

    private static Outcome run = new Outcome(-1, "", "");

    @BeforeAll
    static void recordARun() {
        run = InProcess.in(folder).run("run TINY --threads 1 --tile 5x3 --format json --trace ./a.json --jfr ./a.jfr");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
    }

    private static JsonNode report() throws IOException {
        return new ObjectMapper().readTree(run.out());
    }

    private static JsonNode trace() throws IOException {
        return TraceRules.read(Files.readAllBytes(folder.resolve("a.json")));
    }

    @Test
    void aRunsTraceHoldsExactlyWhatItsReportSays() throws Exception {
        JsonNode report = report();
        JsonNode trace = trace();
        List<JsonNode> products = RecordingChecks.productsOf(report, trace, 1);
        assertThat(seconds(products).doubleValue())
                .isCloseTo(report.at("/phases/0/seconds/matmul").asDouble(), within(1e-12));
        double steps = StreamSupport.stream(report.at("/phases/0/steps_between").spliterator(), false)
                .mapToDouble(step -> step.at("/seconds").asDouble())
                .sum();
        assertThat(report.at("/phases/0/steps_between")).hasSize(6);
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
    }

    @Test
    void aRunsRecordingHoldsItsProductsAndTheStepsOfItsTrace() throws Exception {
        List<RecordedEvent> events = RecordingFile.readAllEvents(folder.resolve("a.jfr"));
        assertHoldsTheProductsOf(report(), events, 1);
        assertThat(events.stream()
                        .filter(event -> event.getEventType().getName().equals(STEP)))
                .hasSameSizeAs(TraceRules.spans(trace(), "step"))
                .allMatch(event -> event.getThread()
                        .getJavaName()
                        .equals(Thread.currentThread().getName()));
    }

    private static BigDecimal seconds(List<JsonNode> spans) {
        return spans.stream()
                .map(span -> span.at("/dur").decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .movePointLeft(6);
    }
}
