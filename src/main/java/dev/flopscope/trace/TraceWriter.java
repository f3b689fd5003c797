package dev.flopscope.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Build;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.Json;
import dev.flopscope.time.Recording;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Writes spans as Chrome trace events, which Perfetto and chrome://tracing open: the JSON object form of the "Trace Event
 * Format", an event a line.
 *
 * <p>Each thread has its complete events (X) under its name (M); scopes hold products and operators. A counter (C) shows the
 * GFLOP/s of all threads together, an instant (i) and {@code otherData} say what ran where. Times are microseconds since the
 * first span, with three decimals: whole nanoseconds.
 */
public final class TraceWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Recording recording;
    private final RunSpec spec;
    private final Account account;
    private final MachineInfo machine;

    /**
     * Writes what was recorded of passes.
     *
     * @param recording their spans
     * @param spec what was asked for
     * @param account its closed forms, for the convention of counting
     * @param machine where it ran
     */
    public TraceWriter(Recording recording, RunSpec spec, Account account, MachineInfo machine) {
        this.recording = recording;
        this.spec = spec;
        this.account = account;
        this.machine = machine;
    }

    /**
     * Writes all events, and leaves {@code out} open.
     *
     * @throws IOException if {@code out} cannot be written
     */
    public void write(OutputStream out) throws IOException {
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
            json.setPrettyPrinter(new EventALine());
            json.writeStartObject();
            json.writeStringField("displayTimeUnit", "ms");
            json.writeObjectField("otherData", about());
            json.writeArrayFieldStart("traceEvents");
            writeEvents(json);
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void writeEvents(JsonGenerator json) throws IOException {
        TraceRates rates = TraceRates.of(recording);
        TraceEvents events = new TraceEvents(json, ProcessHandle.current().pid(), rates.origin());
        events.process("flopscope " + account.model().name());
        events.instant(rates.origin(), "what ran", about());
        long thread = 0;
        for (Recording.Lane lane : recording.lanes()) {
            events.thread(++thread, lane.thread());
            lane.replay(events.spansOf(thread));
        }
        rates.tell(events::counter);
        if (recording.leftOut() > 0) {
            events.instant(
                    rates.end(),
                    "products and operators are left out from here on",
                    JsonNodeFactory.instance.objectNode().put("spans_left_out", recording.leftOut()));
        }
    }

    private ObjectNode about() {
        Build build = Build.detect();
        ObjectNode about = JsonNodeFactory.instance
                .objectNode()
                .put("flopscope", build.version())
                .put("commit", build.commit())
                .put("model", account.model().name())
                .put("batch", account.batch())
                .put("context", account.context());
        account.decode().ifPresent(decode -> about.put("decode", decode.phase().tokens()));
        about.put("attention", account.attention().algorithm().label())
                .put("convention", account.convention())
                .put("spans", recording.kept())
                .put("spans_left_out", recording.leftOut())
                .setAll(Json.tree(Envelopes.machine(machine)));
        about.set("engine", Json.tree(Envelopes.engine(machine, spec.engine())));
        return about;
    }

    /** Line feeds between events only. */
    private static final class EventALine extends MinimalPrettyPrinter {
        private static final long serialVersionUID = 1L;

        @Override
        public void beforeArrayValues(JsonGenerator json) throws IOException {
            json.writeRaw('\n');
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(",\n");
        }

        @Override
        public void writeEndArray(JsonGenerator json, int values) throws IOException {
            json.writeRaw("\n]");
        }
    }
}
