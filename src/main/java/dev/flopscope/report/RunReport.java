package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Prediction;
import dev.flopscope.schema.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run that was measured once: counts against closed forms, and times. */
public final class RunReport implements Report {
    private static final String COLUMNS = "model,batch,context,kind,layers,calls,calls_counted,m,k,n,counted,expected,"
            + "seconds,gflops_per_second,share_of_time,share_of_flops,phase";

    private final Measurement measurement;

    /** Reports {@code measurement}. */
    public RunReport(Measurement measurement) {
        this.measurement = measurement;
    }

    @Override
    public Document document() {
        MeasurementWords words = new MeasurementWords(measurement);
        List<Block> blocks = new ArrayList<>(List.of(new Facts(words.facts())));
        for (PhaseWords phase : words.phases()) {
            PhaseTables tables = new PhaseTables(phase);
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
        blocks.addAll(Document.paragraphs(words.disagreements()));
        blocks.add(new Paragraph(words.verdict()));
        return new Document(measurement.account().model().name() + ", one counted pass", blocks);
    }

    private Table nextTokens() {
        return new Columns<Prediction>()
                .number("id", prediction -> Integer.toString(prediction.token()))
                .text("token", prediction -> Figures.quoted(prediction.text()))
                .number("probability", prediction -> String.format(Locale.ROOT, "%.3e", prediction.probability()))
                .table(
                        "Most likely next tokens (the weights are random, so this is no language)",
                        measurement.nextTokens());
    }

    @Override
    public CsvRows rows() {
        List<ObjectNode> rows = new ArrayList<>();
        for (PhaseWords words : PhaseWords.of(measurement)) {
            PhaseRecords records = new PhaseRecords(measurement, words, false);
            words.phase()
                    .kinds()
                    .forEach(kind -> rows.add(AccountRecords.row(
                            measurement.account(), words.phase().account(), records.site(kind))));
        }
        return CsvRows.of(COLUMNS, rows);
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(AccountRecords.file(measurement, false, commandLine));
    }
}
