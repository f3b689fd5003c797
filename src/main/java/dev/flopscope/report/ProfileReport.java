package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.run.Measurement;
import dev.flopscope.schema.Json;
import java.util.ArrayList;
import java.util.List;

/** A run that was measured many times: hotspots, roofline, where the time goes, and every raw sample in JSON. */
public final class ProfileReport implements Report {
    private static final double GIGA = 1e9;

    private static final String COLUMNS = "model,batch,context,product,calls_counted,counted,bytes,seconds,"
            + "interquartile_range_seconds,gflops_per_second,ceiling_gflops_per_second,excess_seconds,share_of_time,"
            + "share_of_flops,intensity,roofline_gflops_per_second,share_of_roofline,bound,shape_classes,phase";

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
        List<Block> blocks = new ArrayList<>(List.of(new Facts(facts(words))));
        List<String> doubts = new ArrayList<>();
        for (PhaseWords phase : words.phases()) {
            ProfileTables tables = tables(phase, top);
            if (phase.isDecoding()) {
                blocks.add(PhaseTables.sideBySide(measurement.phases()));
                blocks.add(new Paragraph(phase.limit(ceilings)));
            }
            blocks.addAll(Document.paragraphs(phase.headlines(tables.profile())));
            blocks.addAll(List.of(
                    tables.hotspots(),
                    tables.roofline(),
                    tables.products(),
                    tables.breakdown(),
                    new Paragraph(tables.garbageCollection())));
            if (phase.isDecoding()) {
                blocks.addAll(List.of(new Paragraph(method(phase)), new Paragraph(phase.decoded())));
            }
            doubts.addAll(phase.doubts(tables.profile()));
        }
        blocks.add(new Paragraph(words.convention()));
        blocks.addAll(Document.paragraphs(doubts));
        blocks.addAll(Document.paragraphs(words.disagreements()));
        blocks.add(new Paragraph(words.verdict()));
        return new Document(measurement.account().model().name() + ", profiled", blocks);
    }

    /** The tables of one phase. */
    ProfileTables tables(PhaseWords phase, int rows) {
        return new ProfileTables(phase.phase().profile(ceilings), phase, grouping, rows);
    }

    /** What was executed, on what and how often, and the two lines of the roofline. */
    List<Fact> facts(MeasurementWords words) {
        List<Fact> facts = words.facts();
        words.phases().forEach(phase -> facts.add(new Fact("measured", phase.measured())));
        facts.add(new Fact(
                "roofline",
                Figures.rate(ceilings.computePeak().value()) + " GFLOP/s ("
                        + ceilings.computePeak().source() + "), "
                        + Figures.rate(ceilings.memoryPeak().value() / GIGA) + " GB/s ("
                        + ceilings.memoryPeak().source() + "), measured before and after"));
        return facts;
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
        List<ObjectNode> rows = new ArrayList<>();
        for (PhaseWords words : PhaseWords.of(measurement)) {
            PhaseRecords records = new PhaseRecords(measurement, words, true);
            words.phase()
                    .profile(ceilings)
                    .ranked(grouping)
                    .forEach(spot -> rows.add(AccountRecords.row(
                            measurement.account(),
                            words.phase().account(),
                            records.together(spot.products().name(), null, spot))));
        }
        return CsvRows.of(COLUMNS, rows);
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(AccountRecords.file(measurement, true, commandLine));
    }
}
