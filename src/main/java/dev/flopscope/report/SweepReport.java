package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.profile.Statistics;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Page.Chart;
import dev.flopscope.report.Page.Part;
import dev.flopscope.sweep.Environment;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Scaling;
import dev.flopscope.sweep.Scaling.Exponent;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A sweep, finished or as far as it has come. */
public final class SweepReport implements Report {
    static final String TITLE = "Sweep";
    static final String CONVENTION = "matrix products only; a multiply-add is 2 FLOPs; attention is dense, T×T, masked"
            + " after the product, but for causal, which leaves out tiles that the mask empties";
    static final Columns<SweepRow> COLUMNS = new Columns<SweepRow>()
            .text("model", row -> row.spec().model().name())
            .number("B", row -> Figures.count(row.spec().batch()))
            .number("T", row -> Figures.count(row.point().context()))
            .number("thr", row -> Figures.count(row.spec().threads()))
            .text("attention", row -> row.point().attentionAndTile())
            .number("GFLOPs", row -> cell(row, all -> Figures.rate(all.countedFlops() / 1e9)))
            .number(
                    "seconds",
                    row -> row.skipped().isPresent() ? "skipped" : cell(row, all -> Figures.seconds(all.median())))
            .number("spread", row -> cell(row, SweepReport::spread))
            .number("GFLOP/s", row -> cell(row, all -> Figures.rate(all.gflopsPerSecond())));

    private final SweepResult result;

    /** Reports {@code result}. */
    public SweepReport(SweepResult result) {
        this.result = result;
    }

    private static String cell(SweepRow row, Function<Measured.Totals, String> figure) {
        return row.measured().map(Measured::all).map(figure).orElse("");
    }

    private static String spread(Measured.Totals all) {
        return all.samples().size() == 1 || all.median() == 0
                ? ""
                : Figures.share(Statistics.relativeSpread(all.samples()));
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(COLUMNS.table(
                "Median of the repetitions; spread is from the fastest to the slowest, of the median", result.rows()));
        blocks.addAll(closing());
        return new Document(TITLE, blocks);
    }

    /** The document, and curves over T where there are two contexts to draw a line between. */
    @Override
    public Page page() {
        Page plain = Page.of(document());
        long contexts = result.rows().stream()
                .filter(row -> row.measured().isPresent())
                .map(row -> row.point().context())
                .distinct()
                .count();
        if (contexts < 2) {
            return plain;
        }
        List<Part> parts = new ArrayList<>(List.of(
                new Chart("seconds", "Time", "Median seconds over T, both logarithmic. The table has the numbers."),
                new Chart("gflops", "FLOPs", "Counted GFLOPs over T, both logarithmic. The table has the numbers."),
                new Chart("rate", "Rate", "GFLOP/s over T, both logarithmic. The table has the numbers.")));
        parts.addAll(plain.parts());
        return new Page(TITLE, parts, json());
    }

    /** What can be said once all rows are there. */
    List<Block> closing() {
        List<String> lines = new ArrayList<>();
        result.scalings().forEach(scaling -> lines.add(inWords(scaling)));
        if (result.rows().stream().anyMatch(row -> row.spec().decode().isPresent())) {
            lines.add("Times and FLOPs are of the prompt and of the tokens decoded after it together.");
        }
        lines.add("Counted: " + CONVENTION + ".");
        for (SweepRow row : result.rows()) {
            row.skipped()
                    .ifPresent(reason -> lines.add("SKIPPED: " + row.point().describe() + ": " + reason + "."));
            row.measured()
                    .filter(measured -> !measured.agrees())
                    .ifPresent(measured -> lines.add("DISAGREES: " + row.point().describe() + ": counted "
                            + Figures.count(measured.all().countedFlops()) + " FLOPs, expected "
                            + Figures.count(measured.all().expectedFlops()) + "; run names the site."));
        }
        if (!result.complete()) {
            lines.add("Not complete: --resume goes on from here.");
        }
        lines.add(verdict());
        return Document.paragraphs(lines);
    }

    private static String inWords(Scaling scaling) {
        SweepPoint point = scaling.point();
        List<Integer> contexts = scaling.contexts();
        return point.spec().model().name() + ", batch "
                + Figures.count(point.spec().batch()) + ", "
                + Figures.counted(point.spec().threads(), "thread") + ", " + point.attentionAndTile() + ": from "
                + Figures.count(contexts.get(0)) + " to " + Figures.count(contexts.get(contexts.size() - 1))
                + " tokens, time grows as T to the power " + inWords(scaling.time()) + ", FLOPs as T to the power "
                + inWords(scaling.flops()) + ".";
    }

    private static String inWords(Exponent exponent) {
        return Figures.factor(exponent.value()) + " (standard error " + Figures.factor(exponent.standardError()) + ")";
    }

    private String verdict() {
        int measured = result.measured().size();
        long wrong = result.measured().stream().filter(row -> !row.agrees()).count();
        return wrong == 0
                ? "AGREES: counted = expected at every site of every repetition, in " + Figures.counted(measured, "row")
                        + "."
                : "DISAGREES: " + Figures.counted(wrong, "row") + " of " + Figures.count(measured) + ".";
    }

    @Override
    public CsvRows rows() {
        return new CsvRows(
                SweepRow.columns(), result.rows().stream().map(SweepRow::cells).toList());
    }

    @Override
    public List<ObjectNode> lines() {
        return result.rows().stream().map(SweepRow::json).toList();
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Json.object().put("convention", CONVENTION);
        json.set("rows", Json.array(result.rows(), SweepRow::json));
        json.set("exponents", Json.array(result.scalings(), SweepReport::exponents));
        return json.put("complete", result.complete());
    }

    /** What was fitted to the rows of one family, and what they have in common. */
    private static ObjectNode exponents(Scaling scaling) {
        SweepPoint point = scaling.point();
        ObjectNode json = Json.object();
        json.putObject("model").put("name", point.spec().model().name()).put("hash", point.modelHash());
        json.put("batch", point.spec().batch())
                .put("threads", point.spec().threads())
                .put("weights", point.spec().weights().label())
                .put("attention", point.spec().attention().algorithm().label());
        if (point.hasTiles()) {
            json.put("query_tile", point.queryTile()).put("key_tile", point.keyTile());
        }
        json.set("contexts", Json.array(scaling.contexts(), IntNode::valueOf));
        json.set("time", exponent(scaling.time()));
        json.set("flops", exponent(scaling.flops()));
        json.set("machine", machine(scaling.environment()));
        return json;
    }

    private static ObjectNode exponent(Exponent exponent) {
        return Json.object().put("exponent", exponent.value()).put("standard_error", exponent.standardError());
    }

    private static ObjectNode machine(Environment environment) {
        return Json.object()
                .put("cpu", environment.cpu())
                .put("cores", environment.cores())
                .put("vector_instructions", environment.vectorInstructions())
                .put("blas_vendor", environment.blasVendor())
                .put("blas_version", environment.blasVersion())
                .put("blas_kernel", environment.blasKernel())
                .put("java", environment.java())
                .put("os", environment.os());
    }
}
