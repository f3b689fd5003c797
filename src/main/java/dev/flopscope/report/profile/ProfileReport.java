package dev.flopscope.report.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Drift;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.account.ProductColumns;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.run.MeasurementWords;
import dev.flopscope.report.run.PhaseTables;
import dev.flopscope.report.run.PhaseWords;
import dev.flopscope.run.Measurement;
import dev.flopscope.schema.Json;
import java.util.ArrayList;
import java.util.List;

/** A run that was measured many times: hotspots, roofline, where the time goes, and every raw sample in JSON. */
public final class ProfileReport implements Report {
    private static final double GIGA = 1e9;

    private static final List<Column<ProductColumns.Row>> COLUMNS = List.of(
            ProductColumns.MODEL,
            ProductColumns.BATCH,
            ProductColumns.CONTEXT,
            ProductColumns.PRODUCT,
            ProductColumns.CALLS_COUNTED,
            ProductColumns.COUNTED,
            ProductColumns.BYTES,
            ProductColumns.SECONDS,
            ProductColumns.INTERQUARTILE_RANGE,
            ProductColumns.RATE,
            ProductColumns.CEILING,
            ProductColumns.EXCESS,
            ProductColumns.SHARE_OF_TIME,
            ProductColumns.SHARE_OF_FLOPS,
            ProductColumns.INTENSITY,
            ProductColumns.ROOFLINE,
            ProductColumns.SHARE_OF_ROOFLINE,
            ProductColumns.BOUND,
            ProductColumns.SHAPE_CLASSES,
            ProductColumns.PHASE);

    private final Measurement measurement;
    private final Ceilings ceilings;
    private final Grouping grouping;
    private final int top;

    /**
     * Reports {@code measurement}.
     *
     * @param grouping what tables and CSV take together
     * @param top rows of a table at most
     * @throws java.util.NoSuchElementException if it has no ceilings
     */
    public ProfileReport(Measurement measurement, Grouping grouping, int top) {
        this.measurement = measurement;
        this.ceilings = measurement.ceilings().orElseThrow();
        this.grouping = grouping;
        this.top = top;
    }

    @Override
    public Document document() {
        MeasurementWords words = new MeasurementWords(measurement);
        List<Block> blocks = new ArrayList<>(words.verdicts());
        blocks.addAll(Document.verdicts(Tone.DOUBT, doubts(words)));
        blocks.add(new Facts(facts(words)));
        for (PhaseWords phase : words.phases()) {
            ProfileTables tables = tables(phase, top);
            if (phase.isDecoding()) {
                blocks.add(PhaseTables.sideBySide(measurement.phases()));
                blocks.add(new Paragraph(phase.limit(ceilings)));
            }
            blocks.addAll(Document.paragraphs(phase.headlines(tables.profile(), measurement.drift())));
            blocks.addAll(List.of(
                    tables.hotspots(),
                    tables.roofline(),
                    tables.counts(),
                    tables.breakdown(),
                    new Paragraph(tables.garbageCollection())));
            if (phase.isDecoding()) {
                blocks.addAll(List.of(new Paragraph(method(phase)), new Paragraph(phase.decoded())));
            }
        }
        blocks.add(new Paragraph(words.convention()));
        return new Document(measurement.account().model().name() + ", profiled", blocks);
    }

    /** What must be known before the figures are believed. */
    List<String> doubts(MeasurementWords words) {
        return words.phases().stream()
                .flatMap(phase -> phase.doubts(phase.phase().profile(ceilings)).stream())
                .toList();
    }

    /** The tables of one phase. */
    ProfileTables tables(PhaseWords phase, int rows) {
        return new ProfileTables(measurement, phase, grouping, rows);
    }

    /** What was executed, on what and how often, and the two lines of the roofline. */
    List<Fact> facts(MeasurementWords words) {
        List<Fact> facts = new ArrayList<>(words.facts());
        words.phases().forEach(phase -> facts.add(new Fact("measured", phase.measured())));
        measurement.drift().ifPresent(drift -> facts.add(new Fact("drift", drift(drift))));
        facts.add(new Fact(
                "roofline",
                Figures.rate(ceilings.computePeak().value()) + " GFLOP/s ("
                        + ceilings.computePeak().source() + "), "
                        + Figures.rate(ceilings.memoryPeak().value() / GIGA) + " GB/s ("
                        + ceilings.memoryPeak().source() + "), measured before and after"));
        return facts;
    }

    /** How the machine's speed went from one repetition to the next. */
    private static String drift(Drift drift) {
        return "multiply-adds ran at " + Figures.rate(drift.slowest()) + " to " + Figures.rate(drift.fastest())
                + " GFLOP/s before the repetitions, median " + Figures.rate(drift.median()) + "; at "
                + Figures.rate(drift.ceiling()) + " when the ceilings were measured"
                + (drift.isUneven() ? ": NOT STEADY, the machine's own speed changed meanwhile" : "");
    }

    /** How the ceilings of decoding are to be read. */
    static String method(PhaseWords phase) {
        return phase.phase().fromCaches()
                ? "In decoding, the caches hold all weights from one token to the next, and what they could deliver was not"
                        + " measured: ceilings there are those of compute."
                : "In decoding, a product's ceiling is the lower of what its class reaches and of what its compulsory traffic"
                        + " allows, at the rate of the vector product's, since all weights come from memory for each token.";
    }

    @Override
    public Page page() {
        return new ProfilePage(this, measurement).page();
    }

    @Override
    public CsvRows rows() {
        return CsvRows.of(
                COLUMNS,
                PhaseWords.of(measurement).stream()
                        .flatMap(words -> tables(words, Integer.MAX_VALUE).products().stream())
                        .toList());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(AccountRecords.file(measurement, true, commandLine));
    }
}
