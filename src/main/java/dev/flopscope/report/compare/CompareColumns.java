package dev.flopscope.report.compare;

import dev.flopscope.compare.Change;
import dev.flopscope.compare.Series;
import dev.flopscope.document.Column;
import dev.flopscope.document.Unit;
import dev.flopscope.schema.Json;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The columns of what changed, in tables and in CSV. */
final class CompareColumns {
    static final Column<Change> A_SECONDS = new Column<>(
            "a_seconds", "A, s", Unit.SHORT_SECONDS, change -> change.a().median());
    static final Column<Change> B_SECONDS = new Column<>(
            "b_seconds", "B, s", Unit.SHORT_SECONDS, change -> change.b().median());
    static final Column<Change> TIME_FACTOR = new Column<>("time_factor", "time ×", Unit.FACTOR, Change::timeFactor);
    static final Column<Change> WORK_FACTOR =
            new Column<>("work_factor", "FLOPs ×", Unit.FACTOR, change -> orNull(change.workFactor()));
    static final Column<Change> RATE_FACTOR =
            new Column<>("rate_factor", "rate ×", Unit.FACTOR, change -> orNull(change.rateFactor()));

    /** All that a row of CSV has. */
    static final List<Column<Change>> ALL = List.of(
            Column.words("kind", "product", change -> change.a().kind()),
            Column.count("layer", "layer", change -> Json.orNull(change.a().layer())),
            Column.count("a_counted", "A, FLOPs", change -> counted(change.a())),
            Column.count("b_counted", "B, FLOPs", change -> counted(change.b())),
            A_SECONDS,
            B_SECONDS,
            TIME_FACTOR,
            new Column<>(
                    "interval_low",
                    "from",
                    Unit.FACTOR,
                    change -> change.interval().map(interval -> interval.low()).orElse(null)),
            new Column<>(
                    "interval_high",
                    "to",
                    Unit.FACTOR,
                    change -> change.interval().map(interval -> interval.high()).orElse(null)),
            WORK_FACTOR,
            RATE_FACTOR,
            Column.words("verdict", "verdict", change -> change.direction().label()));

    private CompareColumns() {}

    private static @Nullable Long counted(Series series) {
        return Json.orNull(series.flops());
    }

    static @Nullable Double orNull(OptionalDouble factor) {
        return factor.isPresent() ? factor.getAsDouble() : null;
    }
}
