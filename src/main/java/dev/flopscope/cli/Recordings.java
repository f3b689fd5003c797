package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.flight.FlightRecording;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.TraceWriter;
import dev.flopscope.time.Recording;
import dev.flopscope.time.SpanRecorder;
import dev.flopscope.time.Timeline;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What is kept of the measured passes while they run, for the files of {@link RecordingOptions}. */
final class Recordings implements AutoCloseable {
    /** The ending of a compressed trace. */
    static final String COMPRESSED = ".json.gz";

    private final @Nullable Path traceFile;
    private final @Nullable Path flightFile;
    private final @Nullable SpanRecorder spans;
    private final @Nullable FlightRecording flight;

    /** Records for the files that are not null. */
    Recordings(@Nullable Path traceFile, @Nullable Path flightFile) {
        this.traceFile = traceFile;
        this.flightFile = flightFile;
        this.spans = traceFile == null ? null : new SpanRecorder();
        this.flight = flightFile == null ? null : FlightRecording.start();
    }

    /** What is to be told of the passes. */
    Timeline timeline() {
        List<Timeline> timelines = Stream.<@Nullable Timeline>of(spans, flight)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        return Timeline.all(timelines);
    }

    /**
     * Writes the files.
     *
     * @param spec what ran
     * @param account its closed forms
     * @param machine where it ran
     * @param warning told of what had no room
     * @throws OutputException with 74 if one cannot be written
     */
    void write(RunSpec spec, Account account, MachineInfo machine, Consumer<String> warning) {
        if (traceFile != null && spans != null) {
            Recording recording = spans.recording();
            TraceWriter writer = new TraceWriter(recording, spec, account, machine);
            WholeFile.write(traceFile, temporary -> write(writer, temporary, isCompressed(traceFile)));
            if (recording.leftOut() > 0) {
                warning.accept(String.format(
                        Locale.ROOT,
                        "%s: has the first %,d products and steps; %,d more are left out",
                        traceFile,
                        recording.kept(),
                        recording.leftOut()));
            }
        }
        if (flightFile != null && flight != null) {
            WholeFile.write(flightFile, flight::write);
        }
    }

    private static boolean isCompressed(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(COMPRESSED);
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
