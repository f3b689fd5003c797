package dev.flopscope.report.profile;

import dev.flopscope.document.Column;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.profile.BreakdownNode;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.account.ProductColumns;
import dev.flopscope.report.account.ProductColumns.Row;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.report.run.PhaseWords;
import dev.flopscope.run.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tables of a phase that need ceilings and many repetitions. Each fits 80 columns up to GPT-2 XL. */
final class ProfileTables {
    private final Profile profile;
    private final PhaseWords words;
    private final Grouping grouping;
    /** All products, those first that take most time beyond what their ceiling allows. */
    private final List<Row> products;
    /** As many of them as were asked for, the others together, and the sum. */
    private final List<Row> shown;

    /** Tables of a phase of {@code measurement}, with {@code top} rows at most beside the sums. */
    ProfileTables(Measurement measurement, PhaseWords words, Grouping grouping, int top) {
        this.profile = words.phase().profile(measurement.ceilings().orElseThrow());
        this.words = words;
        this.grouping = grouping;
        PhaseRecords records = new PhaseRecords(measurement, words.phase(), true);
        this.products = profile.ranked(grouping).stream()
                .map(spot -> new Row(
                        measurement.account(),
                        words.phase().account(),
                        records.together(spot.products().name(), null, spot)))
                .toList();
        this.shown = new ArrayList<>(products.subList(0, Math.min(top, products.size())));
        List<Row> others = products.subList(shown.size(), products.size());
        if (!others.isEmpty()) {
            shown.add(ProductColumns.sum(Figures.count(others.size()) + " others", others));
        }
        shown.add(ProductColumns.sum("all products", products));
    }

    Profile profile() {
        return profile;
    }

    /** A row a group of products. */
    List<Row> products() {
        return products;
    }

    private Table table(String title, List<Column<Row>> columns) {
        List<Column<Row>> all = new ArrayList<>(List.of(ProductColumns.PRODUCT));
        all.addAll(columns);
        return Table.of(words.title(title), all, shown).withTotals(1);
    }

    private Column<Row> milliseconds(Column<Row> seconds, String header) {
        return seconds.as(header).in(words.milliseconds());
    }

    /** What takes longest beyond what is to be expected of it. */
    Table hotspots() {
        return table(
                "Hotspots: ms beyond what the ceiling allows, most first",
                List.of(
                        milliseconds(ProductColumns.EXCESS, "beyond"),
                        milliseconds(ProductColumns.SECONDS, "ms"),
                        ProductColumns.RATE,
                        ProductColumns.CEILING,
                        ProductColumns.SHARE_OF_TIME,
                        ProductColumns.SHARE_OF_FLOPS));
    }

    /** Compulsory traffic, beside what the roofline allows for it in a prompt, and what memory moves in decoding. */
    Table roofline() {
        double memory = profile.ceilings().memoryPeak().value();
        List<Column<Row>> columns = new ArrayList<>(List.of(ProductColumns.BYTES, ProductColumns.INTENSITY));
        columns.addAll(
                words.isDecoding()
                        ? List.of(
                                ProductColumns.BYTES_PER_SECOND,
                                new Column<>(
                                        "share_of_memory",
                                        "of memory",
                                        Unit.SHARE,
                                        row -> ProductColumns.BYTES_PER_SECOND
                                                                .value()
                                                                .apply(row)
                                                        instanceof Long rate
                                                ? rate / memory
                                                : null))
                        : List.of(ProductColumns.ROOFLINE, ProductColumns.SHARE_OF_ROOFLINE));
        columns.addAll(List.of(ProductColumns.BOUND, ProductColumns.SHAPE_CLASS));
        return table(
                words.isDecoding()
                        ? "Roofline: compulsory traffic, and its rate beside memory's"
                        : "Roofline: compulsory traffic, FLOPs for each byte, and what they allow",
                columns);
    }

    /** What was counted, and how far times spread. */
    Table counts() {
        return table(
                "Products (m×k)·(k×n); IQR is the interquartile range of ms",
                List.of(
                        ProductColumns.CALLS_COUNTED,
                        ProductColumns.SHAPE,
                        ProductColumns.COUNTED.as("FLOPs"),
                        milliseconds(ProductColumns.INTERQUARTILE_RANGE, "IQR")));
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
        return Table.of(
                "The median " + words.one() + ", adding up",
                List.of(
                        Column.words(
                                "part",
                                "part",
                                line -> line.indent() + line.node().name()),
                        new Column<>("seconds", "ms", words.milliseconds(), line -> seconds(line.node())),
                        new Column<>(
                                "share_of_time",
                                "of time",
                                Unit.SHARE,
                                line -> (double) line.node().nanoseconds() / all.nanoseconds()),
                        new Column<>(
                                "gflops_per_second",
                                "GFLOP/s",
                                Unit.GIGA_PER_SECOND,
                                line -> line.node().flops() == 0 || line.node().nanoseconds() == 0
                                        ? null
                                        : (double) line.node().flops()
                                                / line.node().nanoseconds()),
                        new Column<>(
                                "share_of_flops",
                                "of FLOPs",
                                Unit.SHARE,
                                line -> line.node().flops() == 0
                                        ? null
                                        : (double) line.node().flops() / all.flops())),
                lines);
    }

    private static double seconds(BreakdownNode node) {
        return PhaseRecords.seconds(node.nanoseconds());
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
        List<Column<BreakdownNode>> columns = new ArrayList<>(List.of(
                Column.words("layer", "layer", BreakdownNode::name),
                new Column<>("seconds", "all", words.milliseconds(), ProfileTables::seconds)));
        names.forEach(name -> columns.add(new Column<>(
                name,
                name,
                words.milliseconds(),
                layer -> layer.parts().stream()
                        .filter(part -> part.name().equals(name))
                        .mapToDouble(ProfileTables::seconds)
                        .sum())));
        return Table.of("Milliseconds of the median " + words.one() + " by layer", columns, layers);
    }
}
