package dev.flopscope.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Masks a trace, an event a line: times, the names of threads, and how often the rate was sampled. */
final class TraceMask {
    private TraceMask() {}

    static String mask(String json) {
        JsonNode trace = JsonMask.read(json);
        List<String> lines = new ArrayList<>();
        boolean counted = false;
        for (JsonNode event : trace.path("traceEvents")) {
            boolean counter = event.path("ph").asText().equals("C");
            if (!counter || !counted) {
                lines.add(masked(event));
            }
            counted |= counter;
        }
        JsonNode rest = trace.deepCopy();
        ((ObjectNode) rest).remove("traceEvents");
        lines.add(0, JsonMask.masked(rest).toString());
        return String.join("\n", lines) + "\n";
    }

    private static String masked(JsonNode event) {
        JsonNode masked = JsonMask.masked(event);
        if (masked.path("args") instanceof ObjectNode arguments) {
            // A product that took no time by the clock has no rate.
            arguments.remove("gflops_per_second");
            if (event.path("name").asText().equals("thread_name")) {
                arguments.put("name", Measured.MASK);
            }
        }
        return masked.toString();
    }
}
