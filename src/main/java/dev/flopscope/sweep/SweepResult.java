package dev.flopscope.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sweep so far.
 *
 * @param rows in the order they were measured or read
 * @param complete whether every combination has its row
 */
public record SweepResult(List<SweepRow> rows, boolean complete) {
    /** Keeps a copy. */
    public SweepResult {
        rows = List.copyOf(rows);
    }

    /** This sweep and one row more, which takes the place of an older row of the same settings. */
    public SweepResult with(SweepRow row) {
        List<SweepRow> all = new ArrayList<>(rows);
        all.removeIf(older -> older.isReplacedBy(row));
        all.add(row);
        return new SweepResult(all, complete);
    }

    /** This sweep when every combination has its row. */
    public SweepResult completed() {
        return new SweepResult(rows, true);
    }

    /** What was measured, without the rows that were skipped. */
    public List<Measured> measured() {
        return rows.stream().map(SweepRow::measured).flatMap(Optional::stream).toList();
    }

    /** Whether every row that was measured agrees with its closed forms. */
    public boolean agrees() {
        return measured().stream().allMatch(Measured::agrees);
    }

    /** The exponents fitted to the rows. */
    public List<Scaling> scalings() {
        return Scaling.of(rows);
    }
}
