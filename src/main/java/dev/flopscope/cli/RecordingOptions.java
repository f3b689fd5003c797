package dev.flopscope.cli;

import dev.flopscope.flight.Flight;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --trace} and {@code --jfr}: files of every product and step of the measured passes, for other tools to open. */
final class RecordingOptions {
    @Option(
            names = "--trace",
            paramLabel = "FILE",
            converter = TraceConverter.class,
            description = "Also write every product and step, on its thread, as Chrome trace events, which"
                    + " ui.perfetto.dev and chrome://tracing open: .json or .json.gz.")
    private @Nullable Path trace;

    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            converter = FlightConverter.class,
            description = "Also record with JDK Flight Recorder, an event for each product and step, for JDK Mission"
                    + " Control and jfr print: .jfr.")
    private @Nullable Path flight;

    /**
     * Finds out before the work whether the files can be made.
     *
     * @param outputs files that the report goes to
     * @throws TypeConversionException if two outputs are one file
     * @throws OutputException with 73 if one cannot be created, with 70 if Java has no flight recorder
     */
    void requireWritable(List<Path> outputs) {
        if (flight != null && !Flight.isAvailable()) {
            throw new OutputException(
                    ExitCode.INTERNAL,
                    flight + ": this Java runtime has no JDK Flight Recorder (module jdk.jfr)",
                    null);
        }
        if (trace != null) {
            WholeFile.requireWritable(trace);
            requireAlone(trace, outputs);
        }
        if (flight != null) {
            WholeFile.requireWritable(flight);
        }
    }

    private static void requireAlone(Path file, List<Path> outputs) {
        if (outputs.stream().anyMatch(output -> WholeFile.same(file, output))) {
            throw new TypeConversionException("--trace and --output name one file: " + file);
        }
    }

    /** Starts what was asked for. */
    Recordings start() {
        return new Recordings(trace, flight);
    }

    private static Path ending(String value, String... endings) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (Arrays.stream(endings).noneMatch(lower::endsWith)) {
            throw new TypeConversionException("'" + value + "' does not end in " + String.join(" or ", endings));
        }
        return WholeFile.named(value);
    }

    /** Reads the name of a trace. */
    static final class TraceConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            return ending(value, ".json", Recordings.COMPRESSED);
        }
    }

    /** Reads the name of a flight recording. */
    static final class FlightConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            return ending(value, ".jfr");
        }
    }
}
