package dev.flopscope.report.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.report.account.ProductColumns;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.record.Byline;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Prediction;
import dev.flopscope.schema.Json;
import java.util.ArrayList;
import java.util.List;

/** A run that was measured once: counts against closed forms, and times. */
public final class RunReport implements Report {
    private static final List<Column<ProductColumns.Row>> COLUMNS = List.of(
            ProductColumns.MODEL,
            ProductColumns.BATCH,
            ProductColumns.CONTEXT,
            ProductColumns.KIND,
            ProductColumns.LAYERS,
            ProductColumns.CALLS,
            ProductColumns.CALLS_COUNTED,
            ProductColumns.M,
            ProductColumns.K,
            ProductColumns.N,
            ProductColumns.COUNTED,
            ProductColumns.EXPECTED,
            ProductColumns.SECONDS,
            ProductColumns.RATE,
            ProductColumns.SHARE_OF_TIME,
            ProductColumns.SHARE_OF_FLOPS,
            ProductColumns.PHASE);

    private final Measurement measurement;

    /** Reports {@code measurement}. */
    public RunReport(Measurement measurement) {
        this.measurement = measurement;
    }

    @Override
    public Document document() {
        MeasurementWords words = new MeasurementWords(measurement);
        List<Block> blocks = new ArrayList<>(words.verdicts());
        blocks.add(new Facts(words.facts()));
        for (PhaseWords phase : words.phases()) {
            PhaseTables tables = new PhaseTables(measurement, phase);
            blocks.addAll(List.of(tables.counts(), tables.times()));
            if (phase.isDecoding()) {
                blocks.add(PhaseTables.sideBySide(measurement.phases()));
                measurement.ceilings().ifPresent(ceilings -> blocks.add(new Paragraph(phase.limit(ceilings))));
                blocks.add(new Paragraph(phase.decoded()));
            } else if (!measurement.nextTokens().isEmpty()) {
                blocks.add(nextTokens());
            }
        }
        blocks.add(new Paragraph(words.convention()));
        return new Document(measurement.account().model().name() + ", one counted pass", blocks);
    }

    private Table nextTokens() {
        return Table.of(
                measurement.spec().checkpoint().isPresent()
                        ? "Most likely next tokens"
                        : "Most likely next tokens (the weights are random, so this is no language)",
                List.of(
                        new Column<>("id", "id", Unit.NAME, Prediction::token),
                        Column.words("text", "token", prediction -> Figures.quoted(prediction.text())),
                        new Column<>("probability", "probability", Unit.PROBABILITY, Prediction::probability)),
                measurement.nextTokens());
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(), Byline.of(figures), RunPage.charts(PhaseWords.of(measurement)), figures);
    }

    @Override
    public CsvRows rows() {
        return CsvRows.of(
                COLUMNS,
                PhaseWords.of(measurement).stream()
                        .flatMap(words -> new PhaseTables(measurement, words).products().stream())
                        .toList());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(AccountRecords.file(measurement, false, commandLine));
    }
}
