package dev.flopscope.flight;

import dev.flopscope.time.Timeline;
import jdk.jfr.FlightRecorder;

/** The way in: loads where there is no {@code jdk.jfr}. */
public final class Flight {
    private static final String MODULE = "jdk.jfr";

    private Flight() {}

    /** Whether this Java runtime has JDK Flight Recorder; one made by {@code jlink} may have left it out. */
    public static boolean isAvailable() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /**
     * Whether anything has been recorded since Java started, which is a look at a flag. Before that, no event may be made:
     * the first starts the whole recorder, which takes as long as a small pass. Only where {@link #isAvailable()}.
     */
    public static boolean isStarted() {
        return FlightRecorder.isInitialized();
    }

    /** {@code timeline}, with an event for each step if there is JDK Flight Recorder. */
    public static Timeline events(Timeline timeline) {
        return isAvailable() ? new FlightTimeline(timeline) : timeline;
    }
}
