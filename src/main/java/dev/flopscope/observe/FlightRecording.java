package dev.flopscope.observe;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Event;
import jdk.jfr.Recording;

/**
 * A recording of this process under Java's default settings (garbage collections, load, samples of methods, ...), and of
 * every product and operator of measured passes.
 */
public final class FlightRecording implements Timeline, AutoCloseable {
    private final Recording recording;

    private FlightRecording(Recording recording) {
        this.recording = recording;
    }

    /**
     * Starts recording.
     *
     * @throws IllegalStateException if Java's default settings cannot be read
     */
    public static FlightRecording start() {
        Recording recording = new Recording(defaults());
        recording.setName("flopscope");
        recording.start();
        FlightRecording started = new FlightRecording(recording);
        started.measuring(true);
        return started;
    }

    private static Configuration defaults() {
        try {
            return Configuration.getConfiguration("default");
        } catch (IOException | ParseException e) {
            throw new IllegalStateException("JDK Flight Recorder's default settings cannot be read", e);
        }
    }

    @Override
    public void measuring(boolean measured) {
        for (Class<? extends Event> event : List.of(MatrixProductEvent.class, OperatorEvent.class)) {
            if (measured) {
                recording.enable(event).withThreshold(Duration.ZERO).withoutStackTrace();
            } else {
                recording.disable(event);
            }
        }
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
        // The events tell of products.
    }

    @Override
    public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
        // The events tell of operators.
    }

    /**
     * Stops recording and writes what was recorded.
     *
     * @param file to write over
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        recording.stop();
        recording.dump(file);
    }

    @Override
    public void close() {
        recording.close();
    }
}
