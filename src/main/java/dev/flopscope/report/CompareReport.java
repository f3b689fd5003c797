package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.compare.Change;
import dev.flopscope.compare.Difference;
import dev.flopscope.compare.ResultComparison;
import dev.flopscope.compare.SavedResult;
import dev.flopscope.compare.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What changed between two saved results. */
public final class CompareReport implements Report {
    private static final String COLUMNS = "kind,layer,flops_a:/a/flops,flops_b:/b/flops,seconds_a:/a/seconds,"
            + "seconds_b:/b/seconds,time_factor,interval_low:/interval/low,interval_high:/interval/high,work_factor,"
            + "rate_factor,verdict";

    private final ResultComparison comparison;
    private final OptionalDouble failAbove;

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
    public CsvRows rows() {
        List<Change> rows = new ArrayList<>(List.of(comparison.pass()));
        rows.addAll(comparison.rows());
        return CsvRows.of(COLUMNS, rows.stream().map(CompareReport::change).toList());
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.set("a", result(comparison.a()));
        json.set("b", result(comparison.b()));
        json.put("comparable", comparison.comparable());
        json.set("work_differences", differences(comparison.workDifferences()));
        json.set("differences", differences(comparison.environmentDifferences()));
        json.put("method", CompareDocument.method(comparison.margin()));
        json.put("margin", comparison.margin());
        json.put("confidence", comparison.passConfidence());
        json.put("rows_confidence", comparison.rowConfidence());
        json.put("verdict", comparison.pass().direction().label());
        failAbove.ifPresent(limit -> {
            ObjectNode gate = json.putObject("fail_above").put("limit", limit);
            comparison
                    .slowerThan(limit)
                    .ifPresentOrElse(exceeded -> gate.put("exceeded", exceeded), () -> gate.putNull("exceeded"));
        });
        comparison.speedCalibration().ifPresent(machine -> json.set("yardstick", change(machine)));
        json.set("pass", change(comparison.pass()));
        json.put("by", comparison.by().name().toLowerCase(Locale.ROOT));
        json.set("rows", Json.array(comparison.rows(), CompareReport::change));
        return json;
    }

    private static ObjectNode result(SavedResult result) {
        ObjectNode json = Json.object();
        json.put("file", result.file());
        json.put("repetitions", result.repetitions());
        ObjectNode work = json.putObject("work");
        result.work().forEach(work::put);
        ObjectNode environment = json.putObject("circumstances");
        result.environment().forEach(environment::put);
        return json;
    }

    private static ArrayNode differences(List<Difference> differences) {
        return Json.array(
                differences,
                difference -> Json.object()
                        .put("key", difference.key())
                        .put("a", difference.a())
                        .put("b", difference.b()));
    }

    private static ObjectNode change(Change change) {
        ObjectNode json = Json.object();
        json.put("kind", change.a().kind());
        change.a().layer().ifPresent(layer -> json.put("layer", layer));
        json.set("a", series(change.a()));
        json.set("b", series(change.b()));
        json.put("time_factor", change.timeFactor());
        change.interval()
                .ifPresent(interval ->
                        json.putObject("interval").put("low", interval.low()).put("high", interval.high()));
        change.workFactor().ifPresent(factor -> json.put("work_factor", factor));
        change.rateFactor().ifPresent(factor -> json.put("rate_factor", factor));
        json.put("verdict", change.direction().label());
        return json;
    }

    private static ObjectNode series(Series series) {
        ObjectNode json = Json.object();
        series.flops().ifPresent(flops -> json.put("flops", flops));
        json.put("seconds", series.median());
        json.set("samples", Json.numbers(series.samples()));
        return json;
    }
}
