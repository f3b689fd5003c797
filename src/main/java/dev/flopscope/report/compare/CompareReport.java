package dev.flopscope.report.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.compare.Change;
import dev.flopscope.compare.Difference;
import dev.flopscope.compare.ResultComparison;
import dev.flopscope.compare.SavedResult;
import dev.flopscope.compare.Series;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.CompareFile;
import dev.flopscope.schema.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What changed between two saved results. */
public final class CompareReport implements Report {
    private final ResultComparison comparison;
    private final OptionalDouble failAbove;
    private final Instant date = Instant.now();

    /**
     * Reports {@code comparison}.
     *
     * @param failAbove the relative slow-down that is not accepted, if there is one
     */
    public CompareReport(ResultComparison comparison, OptionalDouble failAbove) {
        this.comparison = comparison;
        this.failAbove = failAbove;
    }

    @Override
    public Document document() {
        return new CompareDocument(comparison, failAbove).document();
    }

    @Override
    public Page page() {
        return ComparePage.of(comparison, document(), json(List.of()));
    }

    @Override
    public CsvRows rows() {
        List<Change> rows = new ArrayList<>(List.of(comparison.pass()));
        rows.addAll(comparison.rows());
        return CsvRows.of(CompareColumns.ALL, rows);
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new CompareFile(
                Envelopes.of("compare", commandLine, date),
                result(comparison.a()),
                result(comparison.b()),
                comparison.comparable(),
                differences(comparison.workDifferences()),
                differences(comparison.environmentDifferences()),
                CompareDocument.method(comparison.margin()),
                comparison.margin(),
                comparison.passConfidence(),
                comparison.rowConfidence(),
                comparison.pass().direction().label(),
                failAbove.isEmpty()
                        ? null
                        : new CompareFile.Gate(
                                failAbove.getAsDouble(),
                                comparison.slowDown(failAbove.getAsDouble()).label()),
                comparison.speedCalibration().map(CompareReport::change).orElse(null),
                change(comparison.pass()),
                comparison.by().toString(),
                comparison.rows().stream().map(CompareReport::change).toList()));
    }

    private static CompareFile.Result result(SavedResult result) {
        return new CompareFile.Result(result.file(), result.repetitions(), result.work(), result.environment());
    }

    private static List<CompareFile.Difference> differences(List<Difference> differences) {
        return differences.stream()
                .map(difference -> new CompareFile.Difference(difference.key(), difference.a(), difference.b()))
                .toList();
    }

    private static CompareFile.Change change(Change change) {
        return new CompareFile.Change(
                change.a().kind(),
                Json.orNull(change.a().layer()),
                series(change.a()),
                series(change.b()),
                change.timeFactor(),
                change.interval()
                        .map(interval -> new CompareFile.Interval(interval.low(), interval.high()))
                        .orElse(null),
                CompareColumns.orNull(change.workFactor()),
                CompareColumns.orNull(change.rateFactor()),
                change.direction().label());
    }

    private static CompareFile.Series series(Series series) {
        return new CompareFile.Series(Json.orNull(series.flops()), series.median(), series.samples());
    }
}
