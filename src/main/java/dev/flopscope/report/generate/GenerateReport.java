package dev.flopscope.report.generate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.Decoding;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.report.run.MeasurementWords;
import dev.flopscope.run.Generation;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.GenerateFile;
import dev.flopscope.schema.GenerateFile.Part;
import dev.flopscope.schema.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A text that was continued: what was decoded, why it ends, and how many tokens a second the prompt and what follows took. */
public final class GenerateReport implements Report {
    private final Generation generation;
    private final Measurement measurement;
    private final boolean shown;

    /**
     * Reports {@code generation}.
     *
     * @param shown whether its text has been shown already, so that the document leaves it out
     */
    public GenerateReport(Generation generation, boolean shown) {
        this.generation = generation;
        this.measurement = generation.measurement();
        this.shown = shown;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        if (!shown) {
            blocks.add(new Paragraph(generation
                    .text()
                    .map(text -> "Text: " + Figures.quoted(text))
                    .orElse("Tokens: " + generation.ids())));
        }
        blocks.addAll(new MeasurementWords(measurement).verdicts());
        blocks.add(new Facts(List.of(
                AccountTables.model(measurement.account().model()),
                new Fact("chosen", chosen(generation.decoding())),
                new Fact("ended", generation.stop().words()))));
        blocks.add(Table.of(
                "Speed",
                List.of(
                        Column.words("phase", "phase", GenerateReport::name),
                        new Column<>("tokens", "tokens", Unit.COUNT, PhaseMeasurement::tokens),
                        new Column<>("seconds", "seconds", Unit.SECONDS, GenerateReport::seconds),
                        new Column<>(
                                "tokens_per_second",
                                "tokens/s",
                                Unit.GIGA_PER_SECOND,
                                PhaseMeasurement::tokensPerSecond),
                        new Column<>("flops_counted", "counted", Unit.COUNT, PhaseMeasurement::countedFlops),
                        new Column<>(
                                "flops_expected",
                                "expected",
                                Unit.COUNT,
                                phase -> phase.account().flops())),
                measurement.phases()));
        return new Document(measurement.account().model().name() + ", text continued", blocks);
    }

    private static String name(PhaseMeasurement phase) {
        return phase.account().phase().name().label();
    }

    private static double seconds(PhaseMeasurement phase) {
        return PhaseRecords.seconds(phase.typical().wallNanoseconds());
    }

    private static String chosen(Decoding decoding) {
        if (decoding.temperature() == 0) {
            return "the likeliest token each time";
        }
        return "drawn at temperature " + decoding.temperature()
                + (decoding.topK().isPresent()
                        ? " of the likeliest " + decoding.topK().getAsInt()
                        : "")
                + (decoding.topP() < 1 ? ", of those that have the probability " + decoding.topP() + " together" : "")
                + ", by seed " + decoding.seed();
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(), Byline.of(figures), List.of(), figures);
    }

    @Override
    public CsvRows rows() {
        return new CsvRows(
                List.of("position", "token"),
                IntStream.range(0, generation.ids().size())
                        .mapToObj(step -> List.of(
                                Long.toString(
                                        measurement.prefill().account().phase().end() + step),
                                generation.ids().get(step).toString()))
                        .toList());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        Decoding decoding = generation.decoding();
        return Json.tree(new GenerateFile(
                Envelopes.of(
                        "generate",
                        commandLine,
                        measurement.began(),
                        measurement.machine(),
                        measurement.spec().engine()),
                AccountRecord.Model.of(measurement.account().model()),
                decoding.temperature(),
                decoding.topK().isPresent() ? decoding.topK().getAsInt() : null,
                decoding.topP(),
                decoding.seed(),
                generation.ids(),
                generation.text().orElse(null),
                generation.stop().label(),
                part(measurement.prefill()),
                measurement.decode().map(GenerateReport::part).orElse(null),
                measurement.agrees(),
                new MeasurementWords(measurement).disagreements()));
    }

    private static Part part(PhaseMeasurement phase) {
        return new Part(
                phase.tokens(),
                seconds(phase),
                phase.tokensPerSecond(),
                new AccountRecord.Flops(phase.reconciliation().expectedFlops(), phase.countedFlops()));
    }
}
