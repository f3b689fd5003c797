package dev.flopscope.cli;

import dev.flopscope.observe.FlightRecorderSupport;
import dev.flopscope.observe.FlightRecording;
import dev.flopscope.run.Measurement;
import dev.flopscope.time.Recording;
import dev.flopscope.time.SpanRecorder;
import dev.flopscope.time.Timeline;
import dev.flopscope.trace.TraceWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code --trace} and {@code --jfr}: files of every product and operator of what was measured, prompt and decoded tokens, for
 * other tools to open.
 */
final class RecordingOptions {
    private static final String COMPRESSED = ".json.gz";

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description =
                    "Also write every product and every operator between products, on its thread, as Chrome trace"
                            + " events, which Perfetto and Chrome show; its name ends in json, and then in gz to be compressed.")
    private @Nullable Path trace;

    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            description =
                    "Also record with JDK Flight Recorder, an event for each product and operator, for JDK Mission"
                            + " Control and jfr print; its name ends in jfr.")
    private @Nullable Path flight;

    /**
     * The files that are written.
     *
     * @throws TypeConversionException if one has another ending than its format
     * @throws OutputException with 70 if Java has no flight recorder
     */
    List<Path> files() {
        if (trace != null) {
            requireEnding(trace, ".json", COMPRESSED);
        }
        if (flight != null) {
            requireEnding(flight, ".jfr");
        }
        if (flight != null && !FlightRecorderSupport.isAvailable()) {
            throw new OutputException(
                    ExitCode.INTERNAL,
                    flight + ": this Java runtime has no JDK Flight Recorder (module jdk.jfr)",
                    null);
        }
        return Stream.of(trace, flight).filter(Objects::nonNull).toList();
    }

    /** Starts what was asked for. */
    Recordings start() {
        return new Recordings(trace, flight);
    }

    /** What is kept of the measured passes while they run. */
    static final class Recordings implements AutoCloseable {
        private final @Nullable Path traceFile;
        private final @Nullable Path flightFile;
        private final SpanRecorder spans = new SpanRecorder();
        private final @Nullable FlightRecording flight;

        /** Records for the files that are not null. */
        private Recordings(@Nullable Path traceFile, @Nullable Path flightFile) {
            this.traceFile = traceFile;
            this.flightFile = flightFile;
            this.flight = flightFile == null ? null : FlightRecording.start();
        }

        /** What is to be told of the passes. */
        Timeline timeline() {
            List<Timeline> timelines = new ArrayList<>();
            if (traceFile != null) {
                timelines.add(spans);
            }
            if (flight != null) {
                timelines.add(flight);
            }
            return Timeline.all(timelines);
        }

        /**
         * Writes the files.
         *
         * @param measurement what was recorded
         * @param warning told of what the files have no place for
         */
        void write(Measurement measurement, Consumer<String> warning, Writing writing) {
            Path trace = traceFile;
            if (trace != null) {
                writing.attempt(() -> writeTrace(trace, measurement, warning));
            }
            Path events = flightFile;
            FlightRecording recording = flight;
            if (events != null && recording != null) {
                writing.attempt(() -> AtomicFile.write(events, recording::write));
            }
        }

        private void writeTrace(Path file, Measurement measurement, Consumer<String> warning) {
            Recording recording = spans.recording();
            TraceWriter writer =
                    new TraceWriter(recording, measurement.spec(), measurement.account(), measurement.machine());
            boolean compressed = file.toString().toLowerCase(Locale.ROOT).endsWith(COMPRESSED);
            AtomicFile.write(file, temporary -> write(writer, temporary, compressed));
            if (recording.leftOut() > 0) {
                warning.accept(String.format(
                        Locale.ROOT,
                        "%s: has the first %,d products and operators; %,d more are left out",
                        file,
                        recording.kept(),
                        recording.leftOut()));
            }
        }

        private static void write(TraceWriter writer, Path file, boolean compressed) throws IOException {
            try (OutputStream plain = new BufferedOutputStream(Files.newOutputStream(file));
                    OutputStream out = compressed ? new GZIPOutputStream(plain) : plain) {
                writer.write(out);
            }
        }

        @Override
        public void close() {
            if (flight != null) {
                flight.close();
            }
        }
    }

    private static void requireEnding(Path file, String... endings) {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        if (Arrays.stream(endings).noneMatch(lower::endsWith)) {
            throw new TypeConversionException("'" + file + "' does not end in " + String.join(" or ", endings));
        }
    }
}
