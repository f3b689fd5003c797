package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.compare.Change;
import dev.flopscope.compare.Difference;
import dev.flopscope.compare.ResultComparison;
import dev.flopscope.compare.SavedResult;
import dev.flopscope.compare.Timed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What changed between two saved results. */
public final class CompareReport implements Report {
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
        List<List<Object>> rows = new ArrayList<>();
        rows.add(row(comparison.pass()));
        comparison.rows().forEach(change -> rows.add(row(change)));
        return new CsvRows(
                List.of(
                        "kind",
                        "layer",
                        "flops_a",
                        "flops_b",
                        "seconds_a",
                        "seconds_b",
                        "time_factor",
                        "interval_low",
                        "interval_high",
                        "work_factor",
                        "rate_factor",
                        "verdict"),
                rows);
    }

    private static List<Object> row(Change change) {
        List<Object> row = new ArrayList<>();
        row.add(change.a().kind());
        row.add(cell(change.a().layer()));
        row.add(change.a().flops().isPresent() ? change.a().flops().getAsLong() : "");
        row.add(change.b().flops().isPresent() ? change.b().flops().getAsLong() : "");
        row.add(change.a().median());
        row.add(change.b().median());
        row.add(change.timeFactor());
        row.add(change.interval().<Object>map(interval -> interval.low()).orElse(""));
        row.add(change.interval().<Object>map(interval -> interval.high()).orElse(""));
        row.add(cell(change.workFactor()));
        row.add(cell(change.rateFactor()));
        row.add(change.direction().label());
        return row;
    }

    private static Object cell(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : "";
    }

    private static Object cell(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : "";
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("a", result(comparison.a()));
        json.set("b", result(comparison.b()));
        json.put("comparable", comparison.comparable());
        json.set("work_differences", differences(comparison.workDifferences()));
        json.set("differences", differences(comparison.circumstances()));
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
        comparison.yardstick().ifPresent(machine -> json.set("yardstick", change(machine)));
        json.set("pass", change(comparison.pass()));
        json.put("by", comparison.by().name().toLowerCase(Locale.ROOT));
        ArrayNode rows = json.putArray("rows");
        comparison.rows().forEach(row -> rows.add(change(row)));
        return json;
    }

    private static ObjectNode result(SavedResult result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("file", result.file());
        json.put("repetitions", result.repetitions());
        ObjectNode work = json.putObject("work");
        result.work().forEach(work::put);
        ObjectNode circumstances = json.putObject("circumstances");
        result.circumstances().forEach(circumstances::put);
        return json;
    }

    private static ArrayNode differences(List<Difference> differences) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        differences.forEach(difference -> json.addObject()
                .put("key", difference.key())
                .put("a", difference.a())
                .put("b", difference.b()));
        return json;
    }

    private static ObjectNode change(Change change) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", change.a().kind());
        change.a().layer().ifPresent(layer -> json.put("layer", layer));
        json.set("a", timed(change.a()));
        json.set("b", timed(change.b()));
        json.put("time_factor", change.timeFactor());
        change.interval()
                .ifPresent(interval ->
                        json.putObject("interval").put("low", interval.low()).put("high", interval.high()));
        change.workFactor().ifPresent(factor -> json.put("work_factor", factor));
        change.rateFactor().ifPresent(factor -> json.put("rate_factor", factor));
        json.put("verdict", change.direction().label());
        return json;
    }

    private static ObjectNode timed(Timed timed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        timed.flops().ifPresent(flops -> json.put("flops", flops));
        json.put("seconds", timed.median());
        ArrayNode samples = json.putArray("samples");
        timed.samples().forEach(samples::add);
        return json;
    }
}
