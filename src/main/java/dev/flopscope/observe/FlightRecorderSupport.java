package dev.flopscope.observe;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Tells whether there is a JDK Flight Recorder, and loads where there is none. */
public final class FlightRecorderSupport {
    private static final String MODULE = "jdk.jfr";

    private FlightRecorderSupport() {}

    /** Whether this Java runtime has JDK Flight Recorder; one made by {@code jlink} may have left it out. */
    public static boolean isAvailable() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /** Events of this Java's recorder, or none. */
    static FlightEvents events() {
        return isAvailable() ? Recorder.ready() : new FlightEvents.None();
    }

    /** Is loaded only where there is a recorder. */
    private record Recorder() implements FlightEvents {
        /** Registering events takes milliseconds, which are no part of a pass. */
        static FlightEvents ready() {
            if (FlightRecorder.isInitialized()) {
                FlightRecorder.register(MatrixProductEvent.class);
                FlightRecorder.register(OperatorEvent.class);
            }
            return new Recorder();
        }

        /**
         * Whether anything has been recorded since Java started, which is a look at a flag. Before that, no event may be made:
         * the first starts the whole recorder, which takes as long as a small pass.
         */
        private static boolean isStarted() {
            return FlightRecorder.isInitialized();
        }

        @Override
        public @Nullable ProductSpan product() {
            if (!isStarted()) {
                return null;
            }
            MatrixProductEvent event = new MatrixProductEvent();
            event.begin();
            return event;
        }

        @Override
        public @Nullable OperatorSpan operator() {
            if (!isStarted()) {
                return null;
            }
            OperatorEvent event = new OperatorEvent();
            event.begin();
            return event;
        }
    }
}
