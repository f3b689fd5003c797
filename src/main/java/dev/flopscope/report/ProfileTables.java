package dev.flopscope.report;

import dev.flopscope.profile.Branch;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Tables of one phase of a profile. Every table fits 80 columns up to GPT-2 XL. */
final class ProfileTables {
    private static final double GIGA = 1e9;

    private final Profile profile;
    private final ProfileWords words;
    private final Grouping grouping;
    private final List<Hotspot> spots;

    /** Tables of {@code profile}, with {@code top} rows at most beside the sums. */
    ProfileTables(Profile profile, ProfileWords words, Grouping grouping, int top) {
        this.profile = profile;
        this.words = words;
        this.grouping = grouping;
        this.spots = spots(profile, grouping, top);
    }

    /** The first {@code top} hotspots, the others together, and all together. */
    private static List<Hotspot> spots(Profile profile, Grouping grouping, int top) {
        List<Hotspot> ranked = profile.ranked(grouping);
        List<Hotspot> spots = new ArrayList<>(ranked.subList(0, Math.min(top, ranked.size())));
        List<Hotspot> others = ranked.subList(spots.size(), ranked.size());
        if (!others.isEmpty()) {
            spots.add(profile.together(Figures.count(others.size()) + " others", others));
        }
        spots.add(profile.together("all products", ranked));
        return spots;
    }

    private List<List<String>> rows(Function<Hotspot, List<String>> row) {
        return spots.stream().map(row).toList();
    }

    /** What takes longest beyond what is to be expected of it. */
    Table hotspots(String caption) {
        return new Table(
                caption,
                List.of(
                        Column.text("product"),
                        Column.number("ms"),
                        Column.number("GFLOP/s"),
                        Column.number("ceiling"),
                        Column.number("beyond"),
                        Column.number("of time"),
                        Column.number("of FLOPs")),
                rows(spot -> List.of(
                        spot.products().name(),
                        words.milliseconds(spot.products().time().median()),
                        Figures.rate(spot.products().gflopsPerSecond()),
                        Figures.rate(spot.ceilingGflopsPerSecond()),
                        words.milliseconds(ProfileWords.nanosecondsBeyond(spot)),
                        ProfileWords.percent(profile.shareOfTime(spot.products())),
                        ProfileWords.percent(profile.shareOfFlops(spot.products())))));
    }

    /** Least bytes and what the roofline allows for them, in FLOPs a second. */
    Table roofline(String caption) {
        return new Table(
                caption,
                List.of(
                        Column.text("product"),
                        Column.number("GB"),
                        Column.number("FLOP/B"),
                        Column.number("GFLOP/s"),
                        Column.number("reached"),
                        Column.text("bound by"),
                        Column.text("class")),
                rows(spot -> List.of(
                        spot.products().name(),
                        gigabytes(spot),
                        Figures.rate(spot.products().intensity()),
                        Figures.rate(spot.rooflineGflopsPerSecond()),
                        ProfileWords.percent(spot.rooflineShare()),
                        spot.bound().label(),
                        classes(spot))));
    }

    /** Least bytes and how fast they moved, beside what memory moves. */
    Table bandwidth(String caption) {
        double roof = profile.ceilings().memoryRoof().value();
        return new Table(
                caption,
                List.of(
                        Column.text("product"),
                        Column.number("GB"),
                        Column.number("FLOP/B"),
                        Column.number("GB/s"),
                        Column.number("of memory"),
                        Column.text("bound by"),
                        Column.text("class")),
                rows(spot -> List.of(
                        spot.products().name(),
                        gigabytes(spot),
                        PhaseTables.intensity(spot.products().intensity()),
                        Figures.rate(spot.products().bytesPerSecond() / GIGA),
                        ProfileWords.percent(spot.products().bytesPerSecond() / roof),
                        spot.bound().label(),
                        classes(spot))));
    }

    private static String gigabytes(Hotspot spot) {
        return String.format(Locale.ROOT, "%,.3f", spot.products().bytes() / GIGA);
    }

    private static String classes(Hotspot spot) {
        return spot.shapeClasses().size() == 1 ? ProfileReport.classes(spot) : "several";
    }

    /** What was counted, and how far times spread. */
    Table products(String caption) {
        return new Table(
                caption,
                List.of(
                        Column.text("product"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs"),
                        Column.number("spread")),
                rows(spot -> List.of(
                        spot.products().name(),
                        Figures.count(spot.products().calls()),
                        shape(spot),
                        Figures.count(spot.products().flops()),
                        words.milliseconds(spot.products().time().interquartileRange()))));
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

    /** The typical repetition under its name, down to products and steps. */
    Table tree(String caption, String name) {
        Branch all = (grouping == Grouping.LAYER ? profile.tree() : profile.treeOfOneLayer()).named(name);
        List<List<String>> lines = new ArrayList<>();
        addBranch(all, all, "", lines);
        return new Table(
                caption,
                List.of(
                        Column.text("part"),
                        Column.number("ms"),
                        Column.number("of time"),
                        Column.number("GFLOP/s"),
                        Column.number("of FLOPs")),
                lines);
    }

    /** A line for the branch and, beneath it, its parts; by layer, what a layer is made of stays out. */
    private void addBranch(Branch branch, Branch all, String indent, List<List<String>> lines) {
        lines.add(List.of(
                indent + branch.name(),
                words.milliseconds(branch.nanoseconds()),
                ProfileWords.percent((double) branch.nanoseconds() / all.nanoseconds()),
                branch.flops() == 0 || branch.nanoseconds() == 0
                        ? ""
                        : Figures.rate((double) branch.flops() / branch.nanoseconds()),
                branch.flops() == 0 ? "" : ProfileWords.percent((double) branch.flops() / all.flops())));
        if (grouping != Grouping.LAYER || indent.isEmpty()) {
            branch.parts().forEach(part -> addBranch(part, all, indent + "  ", lines));
        }
    }
}
