package dev.flopscope.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.RunSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One combination of a sweep, which was measured or skipped for a reason.
 *
 * @param point its settings
 * @param environment where it was measured, and by what
 * @param date when
 * @param measured what was measured; empty if it was skipped
 * @param skipped why it was not measured; empty if it was
 */
public record SweepRow(
        SweepPoint point,
        Environment environment,
        Instant date,
        Optional<Measured> measured,
        Optional<String> skipped) {
    /**
     * Checks that the row is one or the other, and that it has figures of decoding if it decodes.
     *
     * @throws IllegalArgumentException if that is not so
     */
    public SweepRow {
        if (measured.isPresent() == skipped.isPresent()) {
            throw new IllegalArgumentException("a row is either measured or skipped: " + point.describe());
        }
        boolean decodes = point.spec().decode().isPresent();
        if (measured.filter(found -> found.decode().isPresent() != decodes).isPresent()) {
            throw new IllegalArgumentException("figures of decoding do not suit the settings: " + point.describe());
        }
    }

    /** The run that gave the row, and would give it again. */
    public RunSpec spec() {
        return point.spec();
    }

    /** The columns of rows in CSV, in their order. */
    public static List<String> columns() {
        return SweepField.columns();
    }

    /** The row in CSV: a cell for each column, empty where it has no value. */
    public List<String> cells() {
        return SweepField.cells(this);
    }

    /** The row as a JSON object, which is also a line of JSON lines. */
    public ObjectNode json() {
        return SweepField.json(this);
    }

    /** Whether it was measured on this hardware often enough and agreed, so that it need not be measured again. */
    boolean suffices(Environment here, int repetitions) {
        return environment.sameHardware(here)
                && measured.filter(
                                found -> found.agrees() && found.all().samples().size() >= repetitions)
                        .isPresent();
    }

    /** Whether {@code newer} takes its place: the settings and the hardware are the same. */
    boolean isReplacedBy(SweepRow newer) {
        return point.equals(newer.point) && environment.sameHardware(newer.environment);
    }
}
