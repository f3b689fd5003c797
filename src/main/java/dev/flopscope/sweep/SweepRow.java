package dev.flopscope.sweep;

import java.util.Optional;

/**
 * One combination of a sweep: measured, or skipped for a reason.
 *
 * @param point its settings
 * @param place where
 * @param date when, in ISO 8601
 * @param measured what was measured; empty if it was skipped
 * @param skipped why it was not measured; empty if it was
 */
public record SweepRow(
        SweepPoint point, Place place, String date, Optional<Measured> measured, Optional<String> skipped) {
    /**
     * Checks that it is one or the other.
     *
     * @throws IllegalArgumentException if it is both or neither
     */
    public SweepRow {
        if (measured.isPresent() == skipped.isPresent()) {
            throw new IllegalArgumentException("a row is either measured or skipped: " + point.describe());
        }
    }

    /** Whether it makes measuring {@code wanted} again needless: measured there, often enough, and without a disagreement. */
    public boolean answers(SweepPoint wanted, Place here, int repetitions) {
        return point.equals(wanted)
                && place.sameHardware(here)
                && measured.filter(found -> found.agrees() && found.samples().size() >= repetitions)
                        .isPresent();
    }

    /** Whether a new row takes its place: the same settings on the same hardware. */
    public boolean isReplacedBy(SweepRow newer) {
        return point.equals(newer.point) && place.sameHardware(newer.place);
    }
}
