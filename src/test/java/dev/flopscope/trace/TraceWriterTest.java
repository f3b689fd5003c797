package dev.flopscope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.TraceRules;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Blas;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.time.SpanRecorder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceWriterTest {
    private static final long START = 5_000_000_000_000L;
    private static final MatmulSite GATE = new MatmulSite(MatmulKind.FFN_GATE, 0);
    private static final MatmulShape SHAPE = new MatmulShape(100, 10, 5);

    /** 12,345 ns of one layer on this thread, and 2 products that overlap on two others. */
    private static SpanRecorder recorded() throws InterruptedException {
        SpanRecorder recorder = new SpanRecorder();
        recorder.operated(Operator.EMBEDDING, -1, START, START + 7);
        recorder.multiplied(GATE, SHAPE, 1, START + 1_000, START + 11_001);
        recorder.operated(Operator.GATE, 0, START + 11_001, START + 11_001);
        recorder.enclosed(Scope.FEED_FORWARD, 0, START + 900, START + 12_000);
        recorder.enclosed(Scope.LAYER, 0, START + 900, START + 12_000);
        recorder.enclosed(Scope.PASS, -1, START, START + 12_345);
        for (int worker = 1; worker <= 2; worker++) {
            long from = START + 1_000L * worker;
            Thread thread =
                    new Thread(() -> recorder.multiplied(GATE, SHAPE, 1, from, from + 4_000), "worker-" + worker);
            thread.start();
            thread.join();
        }
        return recorder;
    }

    private static TraceWriter writer(SpanRecorder recorder) {
        RunSpec spec = TestModels.run(SmallModels.PLAIN, 1, OptionalInt.of(7), WeightsMode.FULL, new Prompt.Seeded());
        return new TraceWriter(
                recorder.recording(),
                spec,
                Account.of(SmallModels.PLAIN, 1, 7),
                MachineInfo.detect(new Blas("none", "0", "by hand", 1), 1, Optional.empty()));
    }

    private static JsonNode trace(SpanRecorder recorder) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer(recorder).write(out);
        return TraceRules.read(out.toByteArray());
    }

    @Test
    void aTraceKeepsTheRulesOfItsFormat() throws Exception {
        assertThat(TraceRules.brokenBy(trace(recorded()))).isEmpty();
    }

    @Test
    void timesAreMicrosecondsSinceTheFirstSpanToTheNanosecond() throws Exception {
        JsonNode trace = trace(recorded());
        JsonNode gate = TraceRules.spans(trace, "product").get(0);
        assertThat(gate.at("/ts").decimalValue()).isEqualByComparingTo("1");
        assertThat(gate.at("/dur").decimalValue()).isEqualByComparingTo("10.001");
        JsonNode pass = TraceRules.spans(trace, "part").get(0);
        assertThat(pass.at("/name").asText()).isEqualTo("pass 1");
        assertThat(pass.at("/ts").decimalValue()).isEqualByComparingTo("0");
        assertThat(pass.at("/dur").decimalValue()).isEqualByComparingTo("12.345");
        BigDecimal all = TraceRules.of(trace, "X").stream()
                .map(event -> event.at("/dur").decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(all.movePointRight(3))
                .isEqualByComparingTo(BigDecimal.valueOf(7 + 10_001 + 11_100 + 11_100 + 12_345 + 4_000 + 4_000));
    }

    /** Chunks of a prompt and decoded tokens are counted apart. */
    @Test
    void passesAndTokensHaveNumbersOfTheirOwn() throws Exception {
        SpanRecorder recorder = new SpanRecorder();
        Scope[] scopes = {Scope.PASS, Scope.PASS, Scope.TOKEN, Scope.TOKEN, Scope.TOKEN, Scope.PASS};
        for (int i = 0; i < scopes.length; i++) {
            recorder.enclosed(scopes[i], -1, START + 10L * i, START + 10L * i + 9);
        }
        assertThat(TraceRules.spans(trace(recorder), "part").stream()
                        .map(event -> event.at("/name").asText()))
                .containsExactly("pass 1", "pass 2", "token 1", "token 2", "token 3", "pass 3");
    }

    @Test
    void aProductSaysWhichItIsAndHowFastItWent() throws Exception {
        JsonNode gate = TraceRules.spans(trace(recorded()), "product").get(0);
        assertThat(gate.at("/name").asText()).isEqualTo("ffn_gate");
        assertThat(gate.at("/args/site").asText()).isEqualTo("layers.0.ffn_gate");
        assertThat(gate.at("/args/layer").asInt(-1)).isZero();
        assertThat(gate.at("/args/m").asLong()).isEqualTo(100);
        assertThat(gate.at("/args/k").asLong()).isEqualTo(10);
        assertThat(gate.at("/args/n").asLong()).isEqualTo(5);
        assertThat(gate.at("/args/flops").asLong()).isEqualTo(10_000);
        assertThat(gate.at("/args/gflops_per_second").asDouble()).isCloseTo(10_000 / 10_001.0, within(1e-12));
    }

    @Test
    void everyThreadHasItsNameAndItsSpans() throws Exception {
        JsonNode trace = trace(recorded());
        assertThat(TraceRules.of(trace, "M").stream()
                        .filter(event -> event.at("/name").asText().equals("thread_name"))
                        .map(event -> event.at("/args/name").asText()))
                .containsExactly(Thread.currentThread().getName(), "worker-1", "worker-2");
        assertThat(TraceRules.spans(trace, "product").stream()
                        .map(event -> event.at("/tid").asInt()))
                .containsExactly(1, 2, 3);
    }

    /** One thread does 1 GFLOP/s, two others 2.5 each from 1 to 5 and from 2 to 6 µs; intervals are of 1 µs. */
    @Test
    void theCounterAddsUpTheRatesOfAllThreads() throws Exception {
        SpanRecorder recorder = recorded();
        List<JsonNode> counters = TraceRules.of(trace(recorder), "C");
        assertThat(counters.stream().map(event -> event.at("/ts").decimalValue().intValueExact()))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        double own = 10_000 / 10_001.0;
        double[] expected = {
            0, own + 2.5, own + 5, own + 5, own + 5, own + 2.5, own, own, own, own, own, own / 1_000, 0, 0
        };
        for (int i = 0; i < expected.length; i++) {
            assertThat(counters.get(i).at("/args").get("GFLOP/s").asDouble())
                    .as("from %d µs", i)
                    .isCloseTo(expected[i], within(1e-9));
        }
    }

    /** 3 s, far more than 2,000 intervals of 1 µs: whatever their length, rates times it are the FLOPs. */
    @Test
    void theCounterHoldsEveryFlopOfALongTrace() throws Exception {
        SpanRecorder recorder = new SpanRecorder();
        for (int i = 0; i < 3_001; i++) {
            recorder.multiplied(GATE, SHAPE, 1, START + i * 1_000_003L, START + i * 1_000_003L + i * 200L);
        }
        List<JsonNode> counters = TraceRules.of(trace(recorder), "C");
        double flops = 0;
        for (int i = 1; i < counters.size(); i++) {
            double nanoseconds = 1000
                    * (counters.get(i).at("/ts").asDouble()
                            - counters.get(i - 1).at("/ts").asDouble());
            flops +=
                    nanoseconds * counters.get(i - 1).at("/args").get("GFLOP/s").asDouble();
        }
        assertThat(counters).hasSizeBetween(1_000, 2_002);
        assertThat(flops).isCloseTo(3_001 * 10_000.0, within(1.0));
    }

    @Test
    void whatRanIsSaidAndWhatWasLeftOut() throws Exception {
        SpanRecorder recorder = new SpanRecorder(2);
        for (int i = 0; i < 7; i++) {
            recorder.operated(Operator.NORM, i, START + i, START + i + 1);
        }
        JsonNode trace = trace(recorder);
        assertThat(TraceRules.spans(trace, "step")).hasSize(2);
        for (JsonNode about :
                List.of(trace.at("/otherData"), TraceRules.of(trace, "i").get(0).at("/args"))) {
            assertThat(about.at("/spans").asLong()).isEqualTo(2);
            assertThat(about.at("/spans_left_out").asLong()).isEqualTo(5);
            assertThat(about.at("/engine/name").asText()).isEqualTo("openblas");
            assertThat(about.at("/engine/kernel").asText()).isEqualTo("by hand");
            assertThat(about.at("/convention").asText()).contains("a multiply-add is 2 FLOPs");
            assertThat(about.at("/flopscope").asText()).isNotEmpty();
        }
    }

    /** Two products of a pass of ten are kept; what the rate was after them is unknown, which is not 0. */
    @Test
    void theRateEndsWhereProductsAreLeftOut() throws Exception {
        SpanRecorder recorder = new SpanRecorder(2);
        for (int i = 0; i < 10; i++) {
            recorder.multiplied(
                    new MatmulSite(MatmulKind.Q_PROJ, i),
                    new MatmulShape(10, 10, 10),
                    1,
                    START + 10_000L * i,
                    START + 10_000L * (i + 1));
        }
        recorder.enclosed(Scope.PASS, MatmulSite.NO_LAYER, START, START + 100_000);
        JsonNode trace = trace(recorder);
        List<JsonNode> counters = TraceRules.of(trace, "C");
        assertThat(counters).allSatisfy(counter -> {
            assertThat(counter.at("/args").get("GFLOP/s").asDouble()).isCloseTo(0.2, within(0.02));
            assertThat(counter.at("/ts").asDouble()).isLessThanOrEqualTo(21);
        });
        JsonNode end = TraceRules.of(trace, "i").get(1);
        assertThat(end.at("/ts").asDouble()).isEqualTo(20.0);
        assertThat(end.at("/args/spans_left_out").asLong()).isEqualTo(8);
        assertThat(TraceRules.brokenBy(trace)).isEmpty();
    }

    @Test
    void nothingRecordedIsAnEmptyTrace() throws Exception {
        JsonNode trace = trace(new SpanRecorder());
        assertThat(TraceRules.brokenBy(trace)).isEmpty();
        assertThat(TraceRules.of(trace, "X")).isEmpty();
    }

    @Test
    void anEventIsALine() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer(recorded()).write(out);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .hasSize(TraceRules.read(out.toByteArray()).at("/traceEvents").size() + 2);
        assertThat(lines.subList(1, lines.size() - 1)).allMatch(line -> line.startsWith("{\"ph\":"));
    }

    @Test
    void aStreamThatFailsIsAnIoException() throws Exception {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        TraceWriter writer = writer(recorded());
        assertThatThrownBy(() -> writer.write(full))
                .isInstanceOf(IOException.class)
                .hasMessage("no space left");
    }

    static List<Consumer<ArrayNode>> faults() {
        return List.of(
                events -> span(events).put("dur", -1),
                events -> span(events).put("ts", 0.0001),
                events -> span(events).remove("ts"),
                events -> span(events).put("tid", 77),
                events -> span(events).put("dur", 1_000),
                events -> span(events).put("ph", "Z"),
                events -> counter(events).put("ts", 12.5),
                events -> ((ObjectNode) counter(events).get("args")).put("GFLOP/s", -1),
                events -> events.remove(0));
    }

    /** The rules must see a fault, or they would say nothing of a trace without. */
    @ParameterizedTest
    @MethodSource("faults")
    void theRulesSeeEveryPlantedFault(Consumer<ArrayNode> fault) throws Exception {
        JsonNode trace = trace(recorded());
        fault.accept((ArrayNode) trace.at("/traceEvents"));
        assertThat(TraceRules.brokenBy(trace)).isNotEmpty();
    }

    /** The embedding, the first that the pass holds. */
    private static ObjectNode span(ArrayNode events) {
        return first(events, "embedding");
    }

    private static ObjectNode counter(ArrayNode events) {
        return first(events, "GFLOP/s");
    }

    private static ObjectNode first(ArrayNode events, String name) {
        for (JsonNode event : events) {
            if (event.at("/name").asText().equals(name)) {
                return (ObjectNode) event;
            }
        }
        throw new IllegalStateException("no " + name);
    }
}
