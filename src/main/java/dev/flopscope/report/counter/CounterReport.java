package dev.flopscope.report.counter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.counter.Basis;
import dev.flopscope.counter.OperationCount;
import dev.flopscope.counter.RegionCount;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.CounterFile;
import dev.flopscope.schema.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The products that a program executed on ND4J: by region, then by operation and shape. */
public final class CounterReport implements Report {
    private static final String CONVENTION = "matrix products only; a multiply-add is 2 FLOPs";
    private static final double NANOSECONDS = 1e9;

    private final RegionCount counted;
    private final Instant began;

    /**
     * Reports what was counted.
     *
     * @param began when counting began
     */
    public CounterReport(RegionCount counted, Instant began) {
        this.counted = counted;
        this.began = began;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.addAll(Document.verdicts(Tone.DOUBT, uncounted()));
        blocks.add(new Facts(List.of(
                new Fact("FLOPs", Figures.count(counted.flops())),
                new Fact(
                        "counted",
                        Figures.counted(counted.calls(), "operation") + " in "
                                + Figures.seconds(seconds(counted.nanoseconds())) + " s, of all threads together"),
                new Fact("convention", CONVENTION))));
        if (counted.calls() > 0) {
            blocks.add(Table.of("By region", regionColumns(), lines(counted, 0)));
            blocks.add(Table.of("By operation and shape", shapeColumns(), shapes()));
        }
        return new Document("FLOPs of a program on ND4J", blocks);
    }

    private List<String> uncounted() {
        return counted.uncounted().stream()
                .map(operation -> "UNCOUNTED: " + operation.operation()
                        + (operation.shape().isEmpty() ? "" : " of " + operation.shape()) + ", "
                        + Figures.counted(operation.calls(), "call") + ": "
                        + (operation.why() == null ? "it may hold products, and has no formula" : operation.why())
                        + ".")
                .distinct()
                .toList();
    }

    /** A line of the tree: a region, or all shapes of an operation in it. */
    private record Line(String name, long calls, long flops, long nanoseconds) {}

    private static List<Line> lines(RegionCount region, int depth) {
        String indent = "  ".repeat(depth);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(indent + region.name(), region.calls(), region.flops(), region.nanoseconds()));
        Map<String, List<OperationCount>> byName = region.operations().stream()
                .filter(operation -> operation.basis() != Basis.UNCOUNTED)
                .collect(Collectors.groupingBy(OperationCount::operation, LinkedHashMap::new, Collectors.toList()));
        byName.forEach((name, all) -> {
            RegionCount same = new RegionCount(name, all, List.of());
            lines.add(new Line(indent + "  - " + name, same.calls(), same.flops(), same.nanoseconds()));
        });
        region.regions().forEach(inner -> lines.addAll(lines(inner, depth + 1)));
        return lines;
    }

    private List<Column<Line>> regionColumns() {
        return List.of(
                Column.words("region", "region", Line::name),
                Column.count("calls", "calls", Line::calls),
                Column.count("flops", "FLOPs", Line::flops),
                new Column<>("share", "share", Unit.PERCENT, line -> part(line.flops(), counted.flops())),
                new Column<>("seconds", "ms", Unit.SHORT_MILLISECONDS, line -> seconds(line.nanoseconds())),
                new Column<>(
                        "gflops_per_second",
                        "GFLOP/s",
                        Unit.GIGA_PER_SECOND,
                        line -> rate(line.flops(), line.nanoseconds())));
    }

    /** Every operation and shape once, whatever its regions, the most FLOPs first. */
    private List<OperationCount> shapes() {
        Map<List<Object>, OperationCount> together = new LinkedHashMap<>();
        counted.all()
                .filter(operation -> operation.basis() != Basis.UNCOUNTED)
                .forEach(operation -> together.merge(
                        List.of(operation.operation(), operation.shape()), operation, OperationCount::plus));
        return together.values().stream()
                .sorted(Comparator.comparingLong(OperationCount::flops).reversed())
                .toList();
    }

    private static List<Column<OperationCount>> shapeColumns() {
        return List.of(
                Column.words("operation", "operation", OperationCount::operation),
                Column.words("shape", "operands", OperationCount::shape),
                Column.words(
                        "basis", "FLOPs are", operation -> operation.basis().label()),
                Column.count("calls", "calls", OperationCount::calls),
                Column.count("flops", "FLOPs", OperationCount::flops),
                new Column<>(
                        "gflops_per_second",
                        "GFLOP/s",
                        Unit.GIGA_PER_SECOND,
                        operation -> rate(operation.flops(), operation.nanoseconds())));
    }

    private static double part(long flops, long whole) {
        return whole == 0 ? 0 : (double) flops / whole;
    }

    /** FLOPs a nanosecond are GFLOP a second; none where the clock did not move. */
    private static @Nullable Double rate(long flops, long nanoseconds) {
        return nanoseconds == 0 ? null : (double) flops / nanoseconds;
    }

    private static double seconds(long nanoseconds) {
        return nanoseconds / NANOSECONDS;
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(), Byline.of(figures), List.of(), figures);
    }

    @Override
    public CsvRows rows() {
        return CsvRows.of(
                List.of(
                        Column.words("region", "region", CounterFile.Row::region),
                        Column.words("operation", "operation", CounterFile.Row::operation),
                        Column.words("shape", "operands", CounterFile.Row::shape),
                        Column.words("basis", "FLOPs are", CounterFile.Row::basis),
                        Column.count("calls", "calls", CounterFile.Row::calls),
                        Column.count("flops", "FLOPs", CounterFile.Row::flops),
                        new Column<>("seconds", "seconds", Unit.SECONDS, CounterFile.Row::seconds)),
                records(counted, ""));
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new CounterFile(
                Envelopes.of("counter", commandLine, began),
                CONVENTION,
                counted.flops(),
                counted.calls(),
                seconds(counted.nanoseconds()),
                records(counted, ""),
                counted.uncounted().isEmpty()));
    }

    private static List<CounterFile.Row> records(RegionCount region, String path) {
        List<CounterFile.Row> rows = new ArrayList<>();
        for (OperationCount operation : region.operations()) {
            boolean known = operation.basis() != Basis.UNCOUNTED;
            rows.add(new CounterFile.Row(
                    path,
                    operation.operation(),
                    operation.shape(),
                    operation.basis().label(),
                    operation.calls(),
                    known ? operation.flops() : null,
                    seconds(operation.nanoseconds()),
                    operation.why()));
        }
        region.regions()
                .forEach(inner ->
                        rows.addAll(records(inner, path.isEmpty() ? inner.name() : path + "/" + inner.name())));
        return rows;
    }
}
