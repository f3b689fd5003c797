package dev.flopscope.report.sweep;

import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Format;
import dev.flopscope.document.MarkdownRenderer;
import dev.flopscope.document.Table;
import dev.flopscope.document.TextRenderer;
import dev.flopscope.schema.Json;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepReader;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Writes a sweep's rows as they come. A table, Markdown, CSV and JSON lines grow by a line a row; JSON and HTML are documents,
 * which come at the end.
 */
public final class SweepStream {
    private final PrintWriter out;
    private final String begin;
    private final Function<SweepRow, String> line;
    private final Function<SweepResult, String> end;

    private SweepStream(
            PrintWriter out, String begin, Function<SweepRow, String> line, Function<SweepResult, String> end) {
        this.out = out;
        this.begin = begin;
        this.line = line;
        this.end = end;
    }

    /**
     * A stream of {@code format}.
     *
     * @param out where it goes
     * @param points the settings to come, which decide how wide columns of words are
     * @param commandLine the words that asked for it
     * @param paint gives verdicts in a table their colour
     */
    public static SweepStream of(
            Format format,
            PrintWriter out,
            List<SweepPoint> points,
            List<String> commandLine,
            BiFunction<Tone, String, String> paint) {
        MarkdownRenderer markdown = new MarkdownRenderer();
        TextRenderer.Lines lines = new TextRenderer.Lines(Table.headings(SweepReport.COLUMNS), widths(points));
        return switch (format) {
            case TABLE ->
                new SweepStream(
                        out,
                        TextRenderer.heading(SweepReport.TITLE) + "\n" + lines.header(),
                        row -> lines.row(Table.cells(SweepReport.COLUMNS, row)),
                        result -> "\n" + new TextRenderer(paint).blocks(new SweepReport(result).closing()));
            case MARKDOWN ->
                new SweepStream(
                        out,
                        "## " + SweepReport.TITLE + "\n\n" + markdown.header(Table.headings(SweepReport.COLUMNS)),
                        row -> markdown.row(Table.cells(SweepReport.COLUMNS, row)),
                        result -> "\n" + markdown.blocks(new SweepReport(result).closing()));
            case CSV ->
                new SweepStream(
                        out,
                        CsvRows.line(SweepReader.FLAT.columns()),
                        row -> CsvRows.line(SweepReader.FLAT.cells(Json.tree(row.record()))),
                        result -> "");
            case JSON_LINES -> new SweepStream(out, "", row -> Json.tree(row.record()) + "\n", result -> "");
            case JSON, HTML ->
                new SweepStream(out, "", row -> "", result -> format.render(new SweepReport(result), commandLine));
        };
    }

    private static List<Integer> widths(List<SweepPoint> points) {
        // Numbers: the widest that GPT-2 XL gives at 16,384 tokens.
        return List.of(
                widest("model", points, point -> point.spec().model().name()),
                2,
                6,
                3,
                widest("settings", points, SweepPoint::settings),
                9,
                8,
                9,
                7);
    }

    private static int widest(String header, List<SweepPoint> points, Function<SweepPoint, String> cell) {
        return Math.max(
                header.length(),
                points.stream().map(cell).mapToInt(String::length).max().orElse(0));
    }

    /** Writes what comes before the first row. */
    public void begin() {
        write(begin);
    }

    /** Writes the next row. */
    public void row(SweepRow row) {
        write(line.apply(row));
    }

    /** Writes what comes after the last row. */
    public void end(SweepResult result) {
        write(end.apply(result));
    }

    private void write(String text) {
        out.print(text);
        out.flush();
    }
}
