package dev.flopscope.profile;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Decides when a measurement has warmed up: as soon as the slowest of the last few passes takes at most a few percent longer
 * than the fastest of them, or when the passes allowed for it are used up.
 *
 * @param window how many passes are compared, at least 2
 * @param tolerance how much longer the slowest of them may take than the fastest: 0.05 is 5 %
 * @param most passes at most; 0 for no warm-up
 */
public record Steadiness(int window, double tolerance, int most) {
    private static final int DEFAULT_WINDOW = 3;
    private static final double DEFAULT_TOLERANCE = 0.05;

    /** Three passes within 5 % of each other, after {@code most} passes at most. */
    public static Steadiness within(int most) {
        return new Steadiness(DEFAULT_WINDOW, DEFAULT_TOLERANCE, most);
    }

    /** Whether passes that took {@code wallNanoseconds}, in order, were enough warm-up. */
    public boolean enough(List<Long> wallNanoseconds) {
        return wallNanoseconds.size() >= most || steady(wallNanoseconds);
    }

    private boolean steady(List<Long> wallNanoseconds) {
        if (wallNanoseconds.size() < window) {
            return false;
        }
        List<Long> last = wallNanoseconds.subList(wallNanoseconds.size() - window, wallNanoseconds.size());
        return Collections.max(last) <= Collections.min(last) * (1 + tolerance);
    }

    /** Describes a warm-up of passes that took {@code wallNanoseconds}, in order. */
    public WarmUp verdict(List<Long> wallNanoseconds) {
        return new WarmUp(wallNanoseconds, steady(wallNanoseconds), describe());
    }

    private String describe() {
        return String.format(
                Locale.ROOT,
                "until the last %d are within %.0f %% of each other, at most %d",
                window,
                tolerance * 100,
                most);
    }
}
