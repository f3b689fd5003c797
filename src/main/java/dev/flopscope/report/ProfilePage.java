package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Page.Chart;
import dev.flopscope.report.Page.Folded;
import dev.flopscope.report.Page.Heading;
import dev.flopscope.report.Page.Notice;
import dev.flopscope.report.Page.Part;
import dev.flopscope.report.Page.Plain;
import dev.flopscope.report.Page.Ranking;
import dev.flopscope.report.Page.Tiles;
import dev.flopscope.run.DecodeProfile;
import dev.flopscope.run.ProfileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile as a web page: in words first, then tables that sort and charts, then how it was measured. */
final class ProfilePage {
    private static final double GIGA = 1e9;

    private final ProfileResult result;
    private final Profile profile;
    private final ProfileDocument document;
    private final ProfileWords words;

    ProfilePage(ProfileResult result, Grouping grouping) {
        this.result = result;
        this.profile = result.profile();
        this.document = new ProfileDocument(result, grouping, Integer.MAX_VALUE);
        this.words = ProfileWords.ofPasses(profile);
    }

    Page page() {
        List<Part> parts = new ArrayList<>();
        addSummary(parts);
        addHotspots(parts);
        addRoofline(parts);
        addTime(parts);
        document.decode().ifPresent(decode -> addDecode(parts, decode));
        addMethod(parts);
        return new Page(result.account().model().name() + ", profiled", parts, figures());
    }

    /** The JSON report but for its rows by site and by layer, which are most of its size and in no chart. */
    private ObjectNode figures() {
        ObjectNode figures = new ProfileJson(result).json();
        figures.remove(List.of("by_site", "layers"));
        if (figures.get("decode") instanceof ObjectNode decode) {
            decode.remove(List.of("by_site", "layers", "tree", "token_samples", "ceilings"));
        }
        return figures;
    }

    private void addSummary(List<Part> parts) {
        parts.add(paragraph("One pass of " + result.account().model().name() + ", batch "
                + Figures.count(result.account().batch()) + ", context "
                + Figures.count(result.account().context()) + ", on "
                + result.machine().cpu().model() + " with " + result.machine().threads()
                + (result.machine().threads() == 1 ? " thread." : " threads.")));
        parts.add(new Tiles(tiles()));
        List<String> doubts = new ArrayList<>(document.doubts());
        doubts.addAll(document.disagreements());
        if (!doubts.isEmpty()) {
            parts.add(new Notice(doubts));
        }
        words.headlines().forEach(line -> parts.add(paragraph(line)));
        parts.add(paragraph(document.verdict()));
    }

    private List<Fact> tiles() {
        double rate = (double) profile.products().flops() / profile.wall().median();
        double roof = profile.ceilings().computeRoof().value();
        double products = profile.shareOfTime(profile.products());
        List<Fact> tiles = new ArrayList<>(List.of(
                new Fact("median pass", words.milliseconds(profile.wall().median()) + " ms"),
                new Fact(
                        "GFLOPs",
                        String.format(Locale.ROOT, "%,.1f", profile.products().flops() / GIGA)),
                new Fact("GFLOP/s", Figures.rate(rate)),
                new Fact("of the fastest here", ProfileWords.percent(rate / roof)),
                new Fact("time in products", ProfileWords.percent(products))));
        result.decode()
                .map(DecodeProfile::typical)
                .ifPresent(decode -> tiles.add(new Fact("decoded tokens/s", Figures.rate(decode.tokensPerSecond()))));
        return tiles;
    }

    private void addHotspots(List<Part> parts) {
        parts.add(new Heading("Hotspots"));
        parts.add(new Ranking(document.hotspots(), 1));
        parts.add(new Chart(
                "shares",
                "Share of FLOPs against share of time",
                "For each kind of product, the part of the FLOPs that it has beside the part of the time that it takes;"
                        + " what takes more of the time than of the FLOPs is slower than the rest. The table of"
                        + " hotspots has the numbers."));
        parts.add(new Folded(document.products()));
    }

    private void addRoofline(List<Part> parts) {
        Ceilings ceilings = profile.ceilings();
        parts.add(new Heading("Roofline"));
        parts.add(new Chart(
                "roofline",
                "GFLOP/s over FLOPs for each byte, both logarithmic",
                String.format(
                        Locale.ROOT,
                        "The solid line is what the machine allows: at most %,.1f GFLOP/s, and under %,.1f FLOPs a byte"
                                + " at most %,.1f GB/s. Dashed lines are what products of a shape class reach; each point"
                                + " is a kind of product%s. The tables below have the numbers.",
                        ceilings.computeRoof().value(),
                        ceilings.balance(),
                        ceilings.memoryRoof().value() / GIGA,
                        result.decode().isPresent() ? ", filled in the pass and hollow in decoding" : "")));
        parts.add(new Ranking(document.roofline(), 1));
        parts.add(new Folded(CeilingsTable.of(ceilings)));
    }

    private void addTime(List<Part> parts) {
        parts.add(new Heading("Where the time goes"));
        parts.add(new Chart(
                "layers",
                "Time by layer",
                "Milliseconds of the median pass by layer, stacked by kind of product and by step between products. The"
                        + " tables below the map have the numbers."));
        parts.add(new Chart(
                "map",
                "Map of the pass",
                "Areas are time of the median pass: layers, and in each its products and steps; and what is in no layer."
                        + " A click enlarges. The tables below have all that it shows: the first what is in each layer, the"
                        + " second what is in none."));
        parts.add(new Folded(LayersTable.of(profile, words)));
        parts.add(new Folded(document.tree()));
        parts.add(paragraph(document.garbageCollection()));
    }

    private static void addDecode(List<Part> parts, DecodeProfileDocument decode) {
        parts.add(new Heading("Decoding"));
        decode.sentences().forEach(line -> parts.add(paragraph(line)));
        parts.add(new Plain(decode.phases()));
        parts.add(new Ranking(decode.hotspots(), 1));
        parts.add(new Ranking(decode.bandwidth(), 1));
        parts.add(new Folded(decode.products()));
        parts.add(new Folded(decode.tree()));
        parts.add(new Plain(decode.facts()));
        parts.add(paragraph(decode.text()));
    }

    private void addMethod(List<Part> parts) {
        parts.add(new Heading("How it was measured"));
        parts.add(new Plain(document.facts()));
        parts.add(paragraph("Counted: " + result.account().convention() + "."));
        parts.add(paragraph(
                "Ceilings were measured in the same process and with as many threads, before the passes and after them; of"
                        + " each rate the faster counts. A rate is warmed up until two samples in a row gain no more than"
                        + " 2 %, then sampled: the median is what to expect of a product of that class, the best is what the"
                        + " roofline is drawn over. Bytes are the least that must move: each operand read once, the result"
                        + " written once, in float32."));
        document.decode().ifPresent(decode -> parts.add(paragraph(decode.method())));
        parts.add(paragraph("Begun " + result.began() + ", on "
                + result.machine().os() + ", Java " + result.machine().java() + "."));
    }

    private static Plain paragraph(String text) {
        return new Plain(new Paragraph(text));
    }
}
