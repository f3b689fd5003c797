package dev.flopscope.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.time.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

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
    void process(String name) {
        write(event("M", "process_name", 0), object().put("name", name));
    }

    /** Names a thread and puts it below those before it. */
    void thread(long thread, String name) {
        write(event("M", "thread_name", thread), object().put("name", name));
        write(event("M", "thread_sort_index", thread), object().put("sort_index", thread));
    }

    /** Something that holds for all of the trace from a moment on. */
    void instant(long nanoseconds, String name, ObjectNode arguments) {
        write(event("i", name, 1).put("s", "g").set("ts", microseconds(nanoseconds - origin)), arguments);
    }

    /** GFLOP/s from a moment on. */
    void counter(long nanoseconds, double gflopsPerSecond) {
        write(
                event("C", "GFLOP/s", 1).set("ts", microseconds(nanoseconds - origin)),
                object().put("GFLOP/s", gflopsPerSecond));
    }

    /** Writes a complete event of each span that it is told of. */
    Timeline spansOf(long thread) {
        return new Complete(thread);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode event(String phase, String name, long thread) {
        return object().put("ph", phase).put("name", name).put("pid", process).put("tid", thread);
    }

    private void write(ObjectNode event, ObjectNode arguments) {
        try {
            json.writeObject(event.<ObjectNode>set("args", arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DecimalNode microseconds(long nanoseconds) {
        return DecimalNode.valueOf(BigDecimal.valueOf(nanoseconds, MICROSECONDS));
    }

    /** Complete events (X) of one thread. */
    private final class Complete implements Timeline {
        private final long thread;
        private final Map<Scope, Integer> numbers = new EnumMap<>(Scope.class);

        Complete(long thread) {
            this.thread = thread;
        }

        @Override
        public void multiplied(
                MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
            long flops = Math.multiplyExact(batch, shape.flops());
            ObjectNode arguments = object().put("site", site.toString());
            addLayer(arguments, site.layer())
                    .put("m", shape.m())
                    .put("k", shape.k())
                    .put("n", shape.n())
                    .put("flops", flops);
            if (batch > 1) {
                arguments.put("batch", batch);
            }
            if (endNanoseconds > startNanoseconds) {
                arguments.put("gflops_per_second", (double) flops / (endNanoseconds - startNanoseconds));
            }
            span("product", site.kind().label(), startNanoseconds, endNanoseconds, arguments);
        }

        @Override
        public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
            span("step", operator.label(), startNanoseconds, endNanoseconds, addLayer(object(), layer));
        }

        @Override
        public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
            String name = switch (scope) {
                case PASS, TOKEN -> scope.label() + " " + numbers.merge(scope, 1, Integer::sum);
                case LAYER -> scope.label() + " " + layer;
                default -> scope.label();
            };
            span("part", name, startNanoseconds, endNanoseconds, addLayer(object(), layer));
        }

        private static ObjectNode addLayer(ObjectNode arguments, int layer) {
            return layer == MatmulSite.NO_LAYER ? arguments : arguments.put("layer", layer);
        }

        private void span(String category, String name, long start, long end, ObjectNode arguments) {
            ObjectNode event = event("X", name, thread).put("cat", category);
            event.set("ts", microseconds(start - origin));
            event.set("dur", microseconds(end - start));
            write(event, arguments);
        }
    }
}
