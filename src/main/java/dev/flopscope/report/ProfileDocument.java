package dev.flopscope.report;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Branch;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.ProfileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile laid out for people, what to look at first at the top. Every table fits 80 columns up to GPT-2 XL. */
final class ProfileDocument {
    private static final double GIGA = 1e9;

    private final ProfileResult result;
    private final Profile profile;
    private final Grouping grouping;
    private final List<Hotspot> rows;
    private final ProfileWords words;

    ProfileDocument(ProfileResult result, Grouping grouping, int top) {
        this.result = result;
        this.profile = result.profile();
        this.grouping = grouping;
        this.rows = rows(profile, grouping, top);
        this.words = new ProfileWords(profile);
    }

    /** The first {@code top} hotspots, the others together, and all together. */
    private static List<Hotspot> rows(Profile profile, Grouping grouping, int top) {
        List<Hotspot> ranked = profile.ranked(grouping);
        List<Hotspot> rows = new ArrayList<>(ranked.subList(0, Math.min(top, ranked.size())));
        List<Hotspot> others = ranked.subList(rows.size(), ranked.size());
        if (!others.isEmpty()) {
            rows.add(profile.together(Figures.count(others.size()) + " others", others));
        }
        rows.add(profile.together("all products", ranked));
        return rows;
    }

    Document document() {
        List<Block> blocks = new ArrayList<>(List.of(facts()));
        words.headlines().forEach(line -> blocks.add(new Paragraph(line)));
        blocks.addAll(List.of(hotspots(), roofline(), products(), tree(), new Paragraph(garbageCollection())));
        blocks.add(new Paragraph("Counted: " + result.account().convention() + "."));
        words.doubts().forEach(doubt -> blocks.add(new Paragraph(doubt)));
        result.reconciliation().disagreements().forEach(line -> blocks.add(new Paragraph("DISAGREES: " + line)));
        blocks.add(new Paragraph(verdict()));
        return new Document(result.account().model().name() + ", profiled", blocks);
    }

    Facts facts() {
        Ceilings ceilings = profile.ceilings();
        List<Fact> facts = new ArrayList<>(PassFacts.of(result).facts());
        facts.add(new Fact("measured", words.measured()));
        facts.add(new Fact(
                "roofline",
                Figures.rate(ceilings.computeRoof().value()) + " GFLOP/s ("
                        + ceilings.computeRoof().source() + "), "
                        + Figures.rate(ceilings.memoryRoof().value() / GIGA) + " GB/s ("
                        + ceilings.memoryRoof().source() + "), measured before and after"));
        return new Facts(facts);
    }

    Table hotspots() {
        return new Table(
                "Hotspots: ms beyond what products of that shape take here, most first",
                List.of(
                        Column.text("product"),
                        Column.number("ms"),
                        Column.number("GFLOP/s"),
                        Column.number("ceiling"),
                        Column.number("beyond"),
                        Column.number("of time"),
                        Column.number("of FLOPs")),
                rows.stream()
                        .map(spot -> List.of(
                                spot.products().name(),
                                words.milliseconds(spot.products().time().median()),
                                Figures.rate(spot.products().gflopsPerSecond()),
                                Figures.rate(spot.ceilingGflopsPerSecond()),
                                words.milliseconds(ProfileWords.nanosecondsBeyond(spot)),
                                ProfileWords.percent(profile.shareOfTime(spot.products())),
                                ProfileWords.percent(profile.shareOfFlops(spot.products()))))
                        .toList());
    }

    Table roofline() {
        return new Table(
                "Roofline: least GB to move, FLOPs for each byte, and what they allow",
                List.of(
                        Column.text("product"),
                        Column.number("GB"),
                        Column.number("FLOP/B"),
                        Column.number("GFLOP/s"),
                        Column.number("reached"),
                        Column.text("bound by"),
                        Column.text("class")),
                rows.stream()
                        .map(spot -> List.of(
                                spot.products().name(),
                                String.format(
                                        Locale.ROOT, "%,.3f", spot.products().bytes() / GIGA),
                                Figures.rate(spot.products().intensity()),
                                Figures.rate(spot.rooflineGflopsPerSecond()),
                                ProfileWords.percent(spot.rooflineShare()),
                                spot.bound().label(),
                                spot.shapeClasses().size() == 1 ? ProfileReport.classes(spot) : "several"))
                        .toList());
    }

    Table products() {
        return new Table(
                "Products of one pass, (m×k)·(k×n), and the middle half's spread in ms",
                List.of(
                        Column.text("product"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs"),
                        Column.number("spread")),
                rows.stream()
                        .map(spot -> List.of(
                                spot.products().name(),
                                Figures.count(spot.products().calls()),
                                shape(spot),
                                Figures.count(spot.products().flops()),
                                words.milliseconds(spot.products().time().interquartileRange())))
                        .toList());
    }

    private static String shape(Hotspot spot) {
        return spot.products().count().callsByShape().size() == 1
                ? spot.products()
                        .count()
                        .callsByShape()
                        .keySet()
                        .iterator()
                        .next()
                        .toString()
                : "several";
    }

    Table tree() {
        Branch pass = grouping == Grouping.LAYER ? profile.tree() : profile.treeOfOneLayer();
        List<List<String>> lines = new ArrayList<>();
        addBranch(pass, pass, "", lines);
        return new Table(
                "The median pass, adding up",
                List.of(
                        Column.text("part"),
                        Column.number("ms"),
                        Column.number("of time"),
                        Column.number("GFLOP/s"),
                        Column.number("of FLOPs")),
                lines);
    }

    /** A line for the branch and, beneath it, its parts; by layer, what a layer is made of stays out. */
    private void addBranch(Branch branch, Branch pass, String indent, List<List<String>> lines) {
        lines.add(List.of(
                indent + branch.name(),
                words.milliseconds(branch.nanoseconds()),
                ProfileWords.percent((double) branch.nanoseconds() / pass.nanoseconds()),
                branch.flops() == 0 || branch.nanoseconds() == 0
                        ? ""
                        : Figures.rate((double) branch.flops() / branch.nanoseconds()),
                branch.flops() == 0 ? "" : ProfileWords.percent((double) branch.flops() / pass.flops())));
        if (grouping != Grouping.LAYER || indent.isEmpty()) {
            branch.parts().forEach(part -> addBranch(part, pass, indent + "  ", lines));
        }
    }

    String garbageCollection() {
        return "Java's garbage collection took "
                + words.milliseconds(profile.garbageCollection().median())
                + " ms of a pass, inside the lines above.";
    }

    String verdict() {
        Reconciliation reconciliation = result.reconciliation();
        int sites = reconciliation.sites().size();
        if (result.agrees()) {
            return "AGREES: counted = expected at each of " + Figures.count(sites) + " sites in each of "
                    + profile.repetitions().size() + " passes, calls and shapes included: "
                    + Figures.count(reconciliation.countedFlops()) + " FLOPs a pass; "
                    + Figures.count(result.allocatedParameters()) + " parameters allocated = expected.";
        }
        return "DISAGREES: " + Figures.count(reconciliation.disagreements().size()) + " of "
                + Figures.count(sites + (long) reconciliation.sizes().size()) + " checks do not hold.";
    }
}
