package dev.flopscope.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Part;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** Writes single events of the Trace Event Format: one method a phase. */
final class TraceEvents {
    /** Decimals that make microseconds of nanoseconds. */
    private static final int MICROSECONDS = 3;

    private final JsonGenerator json;
    private final long process;
    private final long origin;

    /** Writes to {@code json} events of {@code process}, in time since {@code origin} nanoseconds. */
    TraceEvents(JsonGenerator json, long process, long origin) {
        this.json = json;
        this.process = process;
        this.origin = origin;
    }

    /** Names the process. */
    void process(String name) throws IOException {
        begin("M", "process_name", 0);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Names a thread and puts it below those before it. */
    void thread(long thread, String name) throws IOException {
        begin("M", "thread_name", thread);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
        begin("M", "thread_sort_index", thread);
        json.writeObjectFieldStart("args");
        json.writeNumberField("sort_index", thread);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Something that holds for all of the trace, at its beginning. */
    void instant(String name, ObjectNode arguments) throws IOException {
        begin("i", name, 1);
        json.writeStringField("s", "g");
        json.writeNumberField("ts", 0);
        json.writeObjectField("args", arguments);
        json.writeEndObject();
    }

    /** GFLOP/s from a moment on. */
    void counter(long nanoseconds, double gflopsPerSecond) {
        try {
            begin("C", "GFLOP/s", 1);
            json.writeNumberField("ts", microseconds(nanoseconds - origin));
            json.writeObjectFieldStart("args");
            json.writeNumberField("GFLOP/s", gflopsPerSecond);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a complete event of each span that it is told of. */
    Timeline spansOf(long thread) {
        return new Complete(thread);
    }

    private void begin(String phase, String name, long thread) throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", phase);
        json.writeStringField("name", name);
        json.writeNumberField("pid", process);
        json.writeNumberField("tid", thread);
    }

    private static BigDecimal microseconds(long nanoseconds) {
        return BigDecimal.valueOf(nanoseconds, MICROSECONDS);
    }

    /** Complete events (X) of one thread. */
    private final class Complete implements Timeline {
        private final long thread;
        private int passes;

        Complete(long thread) {
            this.thread = thread;
        }

        @Override
        public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
            write("product", site.kind().label(), startNanoseconds, endNanoseconds, () -> {
                json.writeStringField("site", site.toString());
                layer(site.layer());
                json.writeNumberField("m", shape.m());
                json.writeNumberField("k", shape.k());
                json.writeNumberField("n", shape.n());
                json.writeNumberField("flops", shape.flops());
                if (endNanoseconds > startNanoseconds) {
                    json.writeNumberField(
                            "gflops_per_second", (double) shape.flops() / (endNanoseconds - startNanoseconds));
                }
            });
        }

        @Override
        public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
            write("step", step.label(), startNanoseconds, endNanoseconds, () -> layer(layer));
        }

        @Override
        public void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {
            String name = switch (part) {
                case PASS -> part.label() + " " + ++passes;
                case LAYER -> part.label() + " " + layer;
                default -> part.label();
            };
            write("part", name, startNanoseconds, endNanoseconds, () -> layer(layer));
        }

        private void layer(int layer) throws IOException {
            if (layer != MatmulSite.NO_LAYER) {
                json.writeNumberField("layer", layer);
            }
        }

        private void write(String category, String name, long start, long end, Arguments arguments) {
            try {
                begin("X", name, thread);
                json.writeStringField("cat", category);
                json.writeNumberField("ts", microseconds(start - origin));
                json.writeNumberField("dur", microseconds(end - start));
                json.writeObjectFieldStart("args");
                arguments.write();
                json.writeEndObject();
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Writes the fields of an event's arguments. */
    @FunctionalInterface
    private interface Arguments {
        void write() throws IOException;
    }
}
