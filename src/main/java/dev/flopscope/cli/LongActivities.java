package dev.flopscope.cli;

import dev.flopscope.run.ProgressListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Says of an activity that nobody watches, once, how long it will take, if that is long. */
final class LongActivities implements ProgressListener {
    /** From when on it is known well enough. */
    private static final Duration KNOWN = Duration.ofSeconds(5);

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Consumer<String> warning;
    private final LongSupplier nanoTime;
    private final Set<Activity> told = EnumSet.noneOf(Activity.class);
    private @Nullable Activity activity;
    private long begin;
    private long doneBefore;

    /** Tells {@code warning}, by a clock that counts nanoseconds. */
    LongActivities(Consumer<String> warning, LongSupplier nanoTime) {
        this.warning = warning;
        this.nanoTime = nanoTime;
    }

    @Override
    public void advanced(Activity advancing, long done, long total) {
        long now = nanoTime.getAsLong();
        if (activity != advancing || done <= doneBefore) {
            activity = advancing;
            begin = now;
            doneBefore = done;
            return;
        }
        Duration since = Duration.ofNanos(now - begin);
        double seconds = since.toNanos() / 1e9 / (done - doneBefore) * (total - done);
        if (since.compareTo(KNOWN) >= 0 && seconds >= LONG.toSeconds() && told.add(advancing)) {
            warning.accept(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d %s done; the rest takes about %s",
                    advancing.label(),
                    done,
                    total,
                    advancing.unit(),
                    inWords(Duration.ofSeconds((long) seconds))));
        }
    }

    private static String inWords(Duration time) {
        if (time.toDays() > 1) {
            return time.toDays() + " days";
        }
        return time.toHours() == 0 ? time.toMinutes() + " min" : time.toHours() + " h " + time.toMinutesPart() + " min";
    }
}
