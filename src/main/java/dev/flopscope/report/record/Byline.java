package dev.flopscope.report.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.schema.Envelope;
import dev.flopscope.schema.Json;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The line under the title of a page: on what machine, by which engine and with how many threads, by which program and when. */
public final class Byline {
    /** Of an instant, as far as the minute. */
    private static final int TO_THE_MINUTE = "2026-01-01T00:00".length();

    private Byline() {}

    /** The line of a page that shows {@code file}. */
    public static String of(ObjectNode file) {
        Envelope envelope = envelope(file);
        return envelope.machine() == null || envelope.engine() == null
                ? of("", file)
                : of(
                        where(
                                envelope.gpu() == null
                                        ? envelope.machine().cpu()
                                        : envelope.gpu().name(),
                                Integer.toString(envelope.engine().threads()),
                                envelope.engine().name(),
                                envelope.engine().library(),
                                envelope.engine().version()),
                        file);
    }

    /** The same of a file that says elsewhere {@code where} it was measured. */
    public static String of(String where, ObjectNode file) {
        Envelope envelope = envelope(file);
        return Stream.of(
                        where,
                        "Flopscope " + envelope.flopscope().version() + ", commit "
                                + envelope.flopscope().commit(),
                        envelope.date().substring(0, TO_THE_MINUTE).replace('T', ' ') + " UTC")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" · "));
    }

    /** A machine, how many threads of it, and what multiplied in them. */
    public static String where(String cpu, String threads, String engine, String library, String version) {
        return cpu + ", " + threads + (threads.equals("1") ? " thread" : " threads") + ", engine " + engine + " ("
                + library + " " + version + ")";
    }

    private static Envelope envelope(ObjectNode file) {
        return Json.read("page", file, Envelope.class, ".");
    }
}
