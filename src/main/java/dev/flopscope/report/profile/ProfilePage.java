package dev.flopscope.report.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Column;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Page.Chart;
import dev.flopscope.document.Page.Folded;
import dev.flopscope.document.Page.Heading;
import dev.flopscope.document.Page.Notice;
import dev.flopscope.document.Page.Part;
import dev.flopscope.document.Page.Plain;
import dev.flopscope.document.Page.Ranking;
import dev.flopscope.document.Page.Tiles;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.hardware.CeilingColumns;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.report.run.MeasurementWords;
import dev.flopscope.report.run.PhaseTables;
import dev.flopscope.report.run.PhaseWords;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile as a web page: in words first, then tables that sort and charts, then how it was measured. */
final class ProfilePage {
    private static final double GIGA = 1e9;

    private final ProfileReport report;
    private final Measurement measurement;
    private final MeasurementWords words;
    private final Ceilings ceilings;
    private final PhaseWords prompt;
    private final ProfileTables tables;
    private final List<PhaseWords> decoding;
    private final List<Part> parts = new ArrayList<>();

    ProfilePage(ProfileReport report, Measurement measurement) {
        this.report = report;
        this.measurement = measurement;
        this.words = new MeasurementWords(measurement);
        this.ceilings = measurement.ceilings().orElseThrow();
        this.prompt = words.phases().get(0);
        this.tables = report.tables(prompt, Integer.MAX_VALUE);
        this.decoding = words.phases().subList(1, words.phases().size());
    }

    Page page() {
        addSummary();
        addHotspots();
        addRoofline();
        addTime();
        addRepetitions();
        decoding.forEach(this::addDecoding);
        addMethod();
        ObjectNode figures = figures();
        return new Page(measurement.account().model().name() + ", profiled", Byline.of(figures), parts, figures);
    }

    /** The JSON report but for its rows by site and by layer, which are most of its size and in no chart. */
    private ObjectNode figures() {
        ObjectNode figures = report.json(List.of());
        figures.at("/phases").forEach(phase -> ((ObjectNode) phase).remove(List.of("by_site", "layers")));
        return figures;
    }

    private void addSummary() {
        add("One pass of " + measurement.account().model().name() + ", batch "
                + Figures.count(measurement.account().batch()) + ", context "
                + Figures.count(measurement.account().context()) + ".");
        parts.add(new Tiles(tiles()));
        words.verdicts().forEach(verdict -> parts.add(new Plain(verdict)));
        List<String> doubts = report.doubts(words);
        if (!doubts.isEmpty()) {
            parts.add(new Notice(doubts));
        }
        prompt.headlines(tables.profile(), measurement.drift()).forEach(this::add);
    }

    private List<Fact> tiles() {
        Profile profile = tables.profile();
        double rate = profile.products().flops() / profile.wall().median();
        List<Fact> tiles = new ArrayList<>(List.of(
                new Fact("median pass", prompt.milliseconds(profile.wall().median()) + " ms"),
                new Fact(
                        "GFLOPs",
                        String.format(Locale.ROOT, "%,.1f", profile.products().flops() / GIGA)),
                new Fact("GFLOP/s", Figures.rate(rate)),
                new Fact(
                        "of the fastest here",
                        Figures.share(rate / ceilings.computePeak().value())),
                new Fact("time in products", Figures.share(profile.shareOfTime(profile.products())))));
        measurement
                .decode()
                .map(PhaseMeasurement::tokensPerSecond)
                .ifPresent(tokens -> tiles.add(new Fact("decoded tokens/s", Figures.rate(tokens))));
        return tiles;
    }

    private void addHotspots() {
        parts.add(new Heading("Hotspots"));
        parts.add(new Ranking(tables.hotspots()));
        add(
                "Times are milliseconds, medians of the repetitions; rates are GFLOP/s, 10⁹ FLOPs a second. The ceiling of a"
                        + " product is the rate that products of its class of shape reach on this machine by themselves. Beyond is"
                        + " the time that it took longer than it would have at its ceiling: what there is to gain. Of time and of"
                        + " FLOPs are its parts of the whole.");
        parts.add(new Chart(
                "shares",
                "Share of FLOPs against share of time",
                "For each kind of product, the part of the FLOPs that it has beside the part of the time that it takes;"
                        + " what takes more of the time than of the FLOPs is slower than the rest. The table of"
                        + " hotspots has the numbers."));
        parts.add(new Folded(tables.counts()));
    }

    private void addRepetitions() {
        parts.add(new Heading("From repetition to repetition"));
        parts.add(new Chart(
                "repetitions",
                "Repetitions, and how fast the machine itself was",
                "The time of each repetition, and the rate of multiply-adds just before it, which need neither library nor"
                        + " memory: where both move together, the machine was slower or faster, and not the program. All"
                        + " panels span the same percentages around their medians."));
    }

    private void addRoofline() {
        parts.add(new Heading("Roofline"));
        parts.add(new Chart(
                "roofline",
                "GFLOP/s over FLOPs for each byte, both logarithmic",
                String.format(
                        Locale.ROOT,
                        "The solid line is what the machine allows: at most %,.1f GFLOP/s, and under %,.1f FLOPs a byte"
                                + " at most %,.1f GB/s. Dashed lines are what products of a shape class reach; each point"
                                + " is a kind of product%s. The tables below have the numbers.",
                        ceilings.computePeak().value(),
                        ceilings.balance(),
                        ceilings.memoryPeak().value() / GIGA,
                        decoding.isEmpty() ? "" : ", filled in the pass and hollow in decoding")));
        parts.add(new Ranking(tables.roofline()));
        parts.add(new Folded(ceilings()));
    }

    /** Every rate that was measured, a row each. */
    private Table ceilings() {
        return Table.of(
                "Ceilings with as many threads",
                List.of(
                        Column.words(
                                "ceiling",
                                "ceiling",
                                row -> (row.shapeClass() == null ? "" : row.shapeClass() + " ") + row.ceiling()),
                        Column.words(
                                "shape",
                                "shape",
                                row -> row.shapeClass() == null ? null : row.m() + "×" + row.k() + "×" + row.n()),
                        CeilingColumns.UNIT,
                        CeilingColumns.MEDIAN,
                        CeilingColumns.BEST,
                        new Column<>(
                                "samples",
                                "samples",
                                Unit.NUMERAL,
                                row -> Figures.count(row.samples()) + (row.steady() ? "" : " (not steady)"))),
                Envelopes.ceilings(List.of(ceilings)));
    }

    private void addTime() {
        parts.add(new Heading("Where the time goes"));
        parts.add(
                new Chart(
                        "layers",
                        "Time by layer",
                        "Milliseconds of the median pass by layer, stacked by kind of product and by operator between products."
                                + " What is in no layer, as the LM head, has an axis of its own. The tables below the map have the numbers."));
        parts.add(new Chart(
                "map",
                "Map of the pass",
                "Areas are time of the median pass: layers, and in each its products and operators; and what is in no"
                        + " layer. A click fills the map with one layer, and the line beneath it leads back. The tables below have all that it shows: the first what is in each"
                        + " layer, the second what is in none."));
        parts.add(new Folded(tables.layers()));
        parts.add(new Folded(tables.breakdown()));
        add(tables.garbageCollection());
    }

    private void addDecoding(PhaseWords phase) {
        ProfileTables decoded = report.tables(phase, Integer.MAX_VALUE);
        parts.add(new Heading("Decoding"));
        add(phase.limit(ceilings));
        phase.headlines(decoded.profile(), measurement.drift()).forEach(this::add);
        parts.add(new Plain(PhaseTables.sideBySide(measurement.phases())));
        parts.add(new Ranking(decoded.hotspots()));
        parts.add(new Ranking(decoded.roofline()));
        parts.add(new Folded(decoded.counts()));
        parts.add(new Folded(decoded.breakdown()));
        add(phase.decoded());
    }

    private void addMethod() {
        parts.add(new Heading("How it was measured"));
        parts.add(new Plain(new Facts(report.facts(words))));
        add(words.convention());
        add("Ceilings were measured in the same process and with as many threads, before the passes and after them; of"
                + " each rate the faster counts. A rate is warmed up until two samples in a row gain no more than"
                + " 2 %, then sampled: the median is what to expect of a product of that class, the best is what the"
                + " roofline is drawn over.");
        decoding.forEach(phase -> add(ProfileReport.method(phase)));
        add("Begun " + measurement.began() + ", on " + measurement.machine().os() + ", Java "
                + measurement.machine().java() + ".");
    }

    private void add(String text) {
        parts.add(new Plain(new Paragraph(text)));
    }
}
