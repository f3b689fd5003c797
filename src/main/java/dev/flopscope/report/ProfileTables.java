package dev.flopscope.report;

import dev.flopscope.profile.BreakdownNode;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The tables of a phase that need ceilings and many repetitions. Each fits 80 columns up to GPT-2 XL. */
final class ProfileTables {
    private static final double GIGA = 1e9;

    private final Profile profile;
    private final PhaseWords words;
    private final Grouping grouping;
    private final List<Hotspot> spots;

    /** Tables of {@code profile}, with {@code top} rows at most beside the sums. */
    ProfileTables(Profile profile, PhaseWords words, Grouping grouping, int top) {
        this.profile = profile;
        this.words = words;
        this.grouping = grouping;
        List<Hotspot> ranked = profile.ranked(grouping);
        List<Hotspot> others = ranked.subList(Math.min(top, ranked.size()), ranked.size());
        this.spots = new ArrayList<>(ranked.subList(0, ranked.size() - others.size()));
        if (!others.isEmpty()) {
            spots.add(profile.together(Figures.count(others.size()) + " others", others));
        }
        spots.add(profile.together("all products", ranked));
    }

    Profile profile() {
        return profile;
    }

    private static Columns<Hotspot> columns() {
        return new Columns<Hotspot>().text("product", spot -> spot.products().name());
    }

    /** What takes longest beyond what is to be expected of it. */
    Table hotspots() {
        return columns()
                .number("ms", spot -> words.milliseconds(spot.products().time().median()))
                .number("GFLOP/s", spot -> Figures.rate(spot.products().gflopsPerSecond()))
                .number("ceiling", spot -> Figures.rate(spot.ceilingGflopsPerSecond()))
                .number("beyond", spot -> words.milliseconds(PhaseWords.nanosecondsBeyond(spot)))
                .number("of time", spot -> Figures.share(profile.shareOfTime(spot.products())))
                .number("of FLOPs", spot -> Figures.share(profile.shareOfFlops(spot.products())))
                .table(words.title("Hotspots: ms beyond what the ceiling allows, most first"), spots);
    }

    /** Compulsory traffic, beside what the roofline allows for it in a prompt, and what memory moves in decoding. */
    Table roofline() {
        double memory = profile.ceilings().memoryPeak().value();
        Columns<Hotspot> columns = columns()
                .number(
                        "GB",
                        spot -> String.format(
                                Locale.ROOT, "%,.3f", spot.products().compulsoryBytes() / GIGA))
                .number("FLOP/B", spot -> Figures.intensity(spot.products().intensity()));
        if (words.isDecoding()) {
            columns.number("GB/s", spot -> Figures.rate(spot.products().bytesPerSecond() / GIGA))
                    .number("of memory", spot -> Figures.share(spot.products().bytesPerSecond() / memory));
        } else {
            columns.number("GFLOP/s", spot -> Figures.rate(spot.rooflineGflopsPerSecond()))
                    .number("reached", spot -> Figures.share(spot.rooflineShare()));
        }
        return columns.text("bound by", spot -> spot.bound().label())
                .text("class", spot -> spot.shapeClasses().size() == 1 ? PhaseWords.classes(spot) : "several")
                .table(
                        words.title(
                                words.isDecoding()
                                        ? "Roofline: compulsory traffic, and its rate beside memory's"
                                        : "Roofline: compulsory traffic, FLOPs for each byte, and what they allow"),
                        spots);
    }

    /** What was counted, and how far times spread. */
    Table products() {
        return columns()
                .number("calls", spot -> Figures.count(spot.products().calls()))
                .text("m×k×n of one", ProfileTables::shape)
                .number("FLOPs", spot -> Figures.count(spot.products().flops()))
                .number("IQR", spot -> words.milliseconds(spot.products().time().interquartileRange()))
                .table(words.title("Products (m×k)·(k×n); IQR is the interquartile range of ms"), spots);
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

    /** What Java's garbage collection took of the phase, which the breakdown does not show. */
    String garbageCollection() {
        return "Java's garbage collection took "
                + words.milliseconds(profile.garbageCollection().median()) + " ms of a " + words.one()
                + ", inside the lines above.";
    }

    /** A node of the breakdown with its place. */
    private record Line(BreakdownNode node, String indent) {}

    /** The typical repetition, down to products and operators. */
    Table breakdown() {
        BreakdownNode all =
                grouping == Grouping.LAYER ? profile.breakdown(words.one()) : profile.breakdownOfOneLayer(words.one());
        List<Line> lines = new ArrayList<>();
        addLines(all, "", lines);
        return new Columns<Line>()
                .text("part", line -> line.indent() + line.node().name())
                .number("ms", line -> words.milliseconds(line.node().nanoseconds()))
                .number("of time", line -> Figures.share((double) line.node().nanoseconds() / all.nanoseconds()))
                .number(
                        "GFLOP/s",
                        line -> line.node().flops() == 0 || line.node().nanoseconds() == 0
                                ? ""
                                : Figures.rate((double) line.node().flops()
                                        / line.node().nanoseconds()))
                .number(
                        "of FLOPs",
                        line -> line.node().flops() == 0
                                ? ""
                                : Figures.share((double) line.node().flops() / all.flops()))
                .table("The median " + words.one() + ", adding up", lines);
    }

    /** A line for the node and, beneath it, its parts; by layer, what a layer is made of stays out. */
    private void addLines(BreakdownNode node, String indent, List<Line> lines) {
        lines.add(new Line(node, indent));
        if (grouping != Grouping.LAYER || indent.isEmpty()) {
            node.parts().forEach(part -> addLines(part, indent + "  ", lines));
        }
    }

    /** The typical repetition, a row a layer and a column for each kind of product and operator in it. */
    Table layers() {
        List<BreakdownNode> layers = profile.breakdown(words.one()).parts().stream()
                .filter(part -> !part.parts().isEmpty())
                .toList();
        Set<String> names = new LinkedHashSet<>();
        layers.forEach(layer -> layer.parts().forEach(part -> names.add(part.name())));
        Columns<BreakdownNode> columns = new Columns<BreakdownNode>()
                .text("layer", BreakdownNode::name)
                .number("all", layer -> words.milliseconds(layer.nanoseconds()));
        names.forEach(name -> columns.number(
                name,
                layer -> words.milliseconds(layer.parts().stream()
                        .filter(part -> part.name().equals(name))
                        .mapToLong(BreakdownNode::nanoseconds)
                        .sum())));
        return columns.table("Milliseconds of the median " + words.one() + " by layer", layers);
    }
}
