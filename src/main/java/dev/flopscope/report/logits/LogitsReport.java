package dev.flopscope.report.logits;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.report.run.MeasurementWords;
import dev.flopscope.run.Logits;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.run.Prediction;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.LogitsFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The logits of a prompt: of its last token in full, and what sums up the others. */
public final class LogitsReport implements Report {
    private final Logits logits;

    /** Reports {@code logits}. */
    public LogitsReport(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Document document() {
        Measurement measurement = logits.measurement();
        List<Fact> facts = new ArrayList<>(List.of(
                AccountTables.model(measurement.account().model()),
                new Fact("tokens", Figures.count(logits.tokens())),
                new Fact("sum of logits", number(logits.sum())),
                new Fact("root of squares", number(logits.l2()))));
        for (List<Long> layer : logits.tokensPerExpert()) {
            facts.add(new Fact("rows an expert", layer.toString()));
        }
        List<Block> blocks = new ArrayList<>(new MeasurementWords(measurement).verdicts());
        blocks.add(new Facts(facts));
        blocks.add(Table.of(
                "After the last token",
                List.of(
                        new Column<>("token", "token", Unit.NAME, Prediction::token),
                        Column.words("text", "text", next -> Figures.quoted(next.text())),
                        new Column<>(
                                "logit",
                                "logit",
                                Unit.NUMERAL,
                                next -> number(logits.last().get(next.token()))),
                        new Column<>("probability", "probability", Unit.PROBABILITY, Prediction::probability)),
                measurement.nextTokens()));
        return new Document(measurement.account().model().name() + ", logits", blocks);
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(), Byline.of(figures), List.of(), figures);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    @Override
    public CsvRows rows() {
        return new CsvRows(
                List.of("token", "logit"),
                IntStream.range(0, logits.last().size())
                        .mapToObj(id -> List.of(
                                Integer.toString(id), logits.last().get(id).toString()))
                        .toList());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        Measurement measurement = logits.measurement();
        PhaseMeasurement prompt = measurement.prefill();
        return Json.tree(new LogitsFile(
                Envelopes.of(
                        "logits",
                        commandLine,
                        measurement.began(),
                        measurement.machine(),
                        measurement.spec().engine()),
                AccountRecord.Model.of(measurement.account().model()),
                logits.tokens(),
                logits.vocabSize(),
                logits.last(),
                logits.argmax(),
                logits.sum(),
                logits.l2(),
                logits.tokensPerExpert(),
                new AccountRecord.Flops(prompt.reconciliation().expectedFlops(), prompt.countedFlops()),
                measurement.agrees(),
                prompt.disagreements()));
    }
}
