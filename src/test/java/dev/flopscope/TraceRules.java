package dev.flopscope;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** What the "Trace Event Format" asks of a file, and Perfetto of spans on one thread. */
public final class TraceRules {
    private static final int NANOSECOND_DECIMALS = 3;

    private final List<String> broken = new ArrayList<>();
    private final JsonNode events;

    private TraceRules(JsonNode trace) {
        this.events = trace.at("/traceEvents");
    }

    /** Reads a trace with its times exact. */
    public static JsonNode read(byte[] json) throws IOException {
        return JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree(json);
    }

    /** Each rule that {@code trace} breaks, in words. */
    public static List<String> brokenBy(JsonNode trace) {
        TraceRules rules = new TraceRules(trace);
        rules.checkFields();
        rules.checkNesting();
        rules.checkCounters();
        rules.checkNames();
        return rules.broken;
    }

    /** Events of one phase. */
    public static List<JsonNode> of(JsonNode trace, String phase) {
        return StreamSupport.stream(trace.at("/traceEvents").spliterator(), false)
                .filter(event -> event.at("/ph").asText().equals(phase))
                .toList();
    }

    /** Complete events of one category. */
    public static List<JsonNode> spans(JsonNode trace, String category) {
        return of(trace, "X").stream()
                .filter(event -> event.at("/cat").asText().equals(category))
                .toList();
    }

    private void require(boolean holds, String rule, JsonNode event) {
        if (!holds) {
            broken.add(rule + ": " + event);
        }
    }

    private void checkFields() {
        require(events.isArray() && !events.isEmpty(), "events are a list", events);
        for (JsonNode event : events) {
            require(event.at("/name").isTextual(), "an event has a name", event);
            require(event.at("/pid").isIntegralNumber(), "an event has a process", event);
            require(event.at("/tid").isIntegralNumber(), "an event has a thread", event);
            require(event.at("/args").isObject(), "an event has arguments", event);
            switch (event.at("/ph").asText()) {
                case "X" -> {
                    requireTime(event, "ts");
                    requireTime(event, "dur");
                    require(event.at("/cat").isTextual(), "a span has a category", event);
                }
                case "C" -> requireTime(event, "ts");
                case "i" -> {
                    requireTime(event, "ts");
                    require(event.at("/s").asText().matches("[gpt]"), "an instant has a scope", event);
                }
                case "M" ->
                    require(
                            event.at("/name").asText().matches("(process|thread)_name|thread_sort_index"),
                            "metadata is known",
                            event);
                default -> require(false, "a phase is known", event);
            }
        }
    }

    /** Microseconds, not negative, and no finer than the clock. */
    private void requireTime(JsonNode event, String field) {
        JsonNode time = event.at("/" + field);
        require(
                time.isNumber()
                        && time.decimalValue().signum() >= 0
                        && time.decimalValue().stripTrailingZeros().scale() <= NANOSECOND_DECIMALS,
                field + " is microseconds",
                event);
    }

    private void checkNesting() {
        Map<String, List<JsonNode>> threads = new LinkedHashMap<>();
        events.forEach(event -> {
            if (event.at("/ph").asText().equals("X")) {
                threads.computeIfAbsent(event.at("/pid") + "/" + event.at("/tid"), unused -> new ArrayList<>())
                        .add(event);
            }
        });
        threads.values().forEach(this::checkNesting);
    }

    private void checkNesting(List<JsonNode> thread) {
        List<JsonNode> sorted = new ArrayList<>(thread);
        sorted.sort(Comparator.comparing(TraceRules::start)
                .thenComparing(Comparator.comparing(TraceRules::end).reversed()));
        Deque<BigDecimal> open = new ArrayDeque<>();
        for (JsonNode event : sorted) {
            while (!open.isEmpty() && open.getLast().compareTo(start(event)) <= 0) {
                open.removeLast();
            }
            require(
                    open.isEmpty() || end(event).compareTo(open.getLast()) <= 0,
                    "spans of a thread nest or follow each other",
                    event);
            open.addLast(end(event));
        }
        require(thread.equals(sorted), "spans of a thread are in the order they began", thread.get(0));
    }

    private void checkCounters() {
        Map<String, BigDecimal> last = new LinkedHashMap<>();
        for (JsonNode event : events) {
            if (event.at("/ph").asText().equals("C")) {
                BigDecimal before = last.put(event.at("/name").asText(), start(event));
                require(before == null || before.compareTo(start(event)) < 0, "a counter goes forward", event);
                event.at("/args")
                        .forEach(value -> require(
                                value.isNumber() && value.decimalValue().signum() >= 0, "a counter counts", event));
            }
        }
    }

    private void checkNames() {
        Set<String> named = new HashSet<>();
        for (JsonNode event : events) {
            String name = event.at("/name").asText();
            if (name.equals("process_name") || name.equals("thread_name")) {
                require(!event.at("/args/name").asText().isEmpty(), "a name is one", event);
                named.add(
                        name.equals("process_name")
                                ? "process"
                                : event.at("/tid").asText());
            }
        }
        require(named.contains("process"), "the process has a name", events);
        for (JsonNode event : events) {
            if (event.at("/ph").asText().equals("X")) {
                require(named.contains(event.at("/tid").asText()), "a thread has a name", event);
            }
        }
    }

    private static BigDecimal start(JsonNode event) {
        return event.at("/ts").decimalValue();
    }

    private static BigDecimal end(JsonNode event) {
        return start(event).add(event.at("/dur").decimalValue());
    }
}
