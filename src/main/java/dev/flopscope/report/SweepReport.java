package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.report.Page.Chart;
import dev.flopscope.report.Page.Part;
import dev.flopscope.sweep.Exponent;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Scaling;
import dev.flopscope.sweep.SweepFields;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A sweep, finished or as far as it has come. */
public final class SweepReport implements Report {
    static final String TITLE = "Sweep";
    static final List<Column> COLUMNS = List.of(
            Column.text("model"),
            Column.number("B"),
            Column.number("T"),
            Column.number("thr"),
            Column.text("attention"),
            Column.number("GFLOPs"),
            Column.number("seconds"),
            Column.number("spread"),
            Column.number("GFLOP/s"));

    private final SweepResult result;

    /** Reports {@code result}. */
    public SweepReport(SweepResult result) {
        this.result = result;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Table(
                "Median of the repetitions; spread is from the fastest to the slowest, of the median",
                COLUMNS,
                result.rows().stream().map(SweepReport::cells).toList()));
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

    /** A row of the table. */
    static List<String> cells(SweepRow row) {
        SweepPoint point = row.point();
        return List.of(
                point.model(),
                Figures.count(point.batch()),
                Figures.count(point.context()),
                Figures.count(point.threads()),
                point.attentionAndTile(),
                cell(row, measured -> Figures.rate(measured.countedFlops() / 1e9)),
                row.measured().map(found -> Figures.seconds(found.median())).orElse("skipped"),
                cell(row, measured -> spread(measured)),
                cell(row, measured -> Figures.rate(measured.gflopsPerSecond())));
    }

    private static String cell(SweepRow row, Function<Measured, String> figure) {
        return row.measured().map(figure).orElse("");
    }

    private static String spread(Measured measured) {
        double median = measured.median();
        return median == 0 || measured.samples().size() == 1
                ? ""
                : String.format(Locale.ROOT, "%.1f %%", 100 * (measured.most() - measured.least()) / median);
    }

    /** What can be said once all rows are there. */
    List<Block> closing() {
        List<Block> blocks = new ArrayList<>();
        result.scalings().forEach(scaling -> blocks.add(new Paragraph(inWords(scaling))));
        blocks.add(new Paragraph("Counted: " + SweepJson.CONVENTION + "."));
        for (SweepRow row : result.rows()) {
            row.skipped()
                    .ifPresent(reason ->
                            blocks.add(new Paragraph("SKIPPED: " + row.point().describe() + ": " + reason + ".")));
            row.measured()
                    .filter(measured -> !measured.agrees())
                    .ifPresent(measured -> blocks.add(new Paragraph("DISAGREES: "
                            + row.point().describe() + ": counted " + Figures.count(measured.countedFlops())
                            + " FLOPs, expected " + Figures.count(measured.expectedFlops())
                            + "; run names the site.")));
        }
        if (!result.complete()) {
            blocks.add(new Paragraph("Not complete: --resume goes on from here."));
        }
        blocks.add(new Paragraph(verdict()));
        return blocks;
    }

    private static String inWords(Scaling scaling) {
        SweepPoint point = scaling.point();
        List<Integer> contexts = scaling.contexts();
        return point.model() + ", batch " + Figures.count(point.batch()) + ", " + Figures.count(point.threads())
                + (point.threads() == 1 ? " thread, " : " threads, ") + point.attentionAndTile() + ": from "
                + Figures.count(contexts.get(0)) + " to "
                + Figures.count(contexts.get(contexts.size() - 1)) + " tokens, time grows as T to the power "
                + inWords(scaling.time()) + ", FLOPs as T to the power " + inWords(scaling.flops()) + ".";
    }

    private static String inWords(Exponent exponent) {
        return Figures.factor(exponent.value()) + " (standard error " + Figures.factor(exponent.standardError()) + ")";
    }

    private String verdict() {
        List<Measured> measured = result.rows().stream()
                .map(SweepRow::measured)
                .flatMap(Optional::stream)
                .toList();
        long agreeing = measured.stream().filter(Measured::agrees).count();
        return agreeing == measured.size()
                ? "AGREES: counted = expected at every site of every repetition, in " + rows(agreeing) + "."
                : "DISAGREES: " + rows(measured.size() - agreeing) + " of " + Figures.count(measured.size()) + ".";
    }

    private static String rows(long count) {
        return Figures.count(count) + (count == 1 ? " row" : " rows");
    }

    @Override
    public CsvRows rows() {
        return new CsvRows(
                SweepFields.columns(),
                result.rows().stream().map(SweepReport::csv).toList());
    }

    /** A row of the CSV. */
    static List<Object> csv(SweepRow row) {
        ObjectNode json = SweepJson.row(row);
        return SweepFields.columns().stream()
                .<Object>map(column -> SweepFields.cell(json, column))
                .toList();
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("convention", SweepJson.CONVENTION);
        ArrayNode rows = json.putArray("rows");
        result.rows().forEach(row -> rows.add(SweepJson.row(row)));
        json.set("exponents", SweepJson.exponents(result.scalings()));
        json.put("complete", result.complete());
        return json;
    }
}
