package dev.flopscope.report;

import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.machine.CpuTopology.Cache;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.HardwareResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The hardware and its ceilings laid out for people. Every table fits 80 columns. */
final class HardwareDocument {
    private static final double GIGA = 1e9;
    private static final long MIB = 1L << 20;

    private final HardwareResult result;

    HardwareDocument(HardwareResult result) {
        this.result = result;
    }

    Document document() {
        List<Block> blocks = new ArrayList<>(List.of(facts()));
        if (!result.ceilings().isEmpty()) {
            blocks.addAll(List.of(compute(), memory(), roofs(), new Paragraph(shapes()), new Paragraph(method())));
            if (!allSteady()) {
                blocks.add(new Paragraph(
                        "NOT STEADY: a rate was still growing when its time was up; the machine may be busy,"
                                + " and its ceilings higher."));
            }
        }
        return new Document("Hardware", blocks);
    }

    private Facts facts() {
        MachineInfo machine = result.machine();
        CpuTopology topology = result.topology();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("CPU", topology.name().orElse(machine.cpu().model())));
        facts.add(new Fact("cores", cores(machine.cpu().cores(), topology)));
        if (!topology.caches().isEmpty()) {
            facts.add(new Fact("caches", caches(topology)));
        }
        facts.add(new Fact("vectors", machine.cpu().vectorInstructions()));
        facts.add(new Fact("engine", result.engine().label()));
        facts.add(
                new Fact("BLAS", machine.blas().vendor() + " " + machine.blas().version()));
        facts.add(new Fact("kernel", machine.blas().kernel()));
        facts.add(new Fact("threads", Figures.count(machine.threads())));
        facts.add(new Fact(
                "memory",
                Figures.gibibytes(machine.memory().total()) + ", "
                        + Figures.gibibytes(machine.memory().available()) + " available"));
        facts.add(new Fact("Java", machine.java()));
        facts.add(new Fact("system", machine.os()));
        return new Facts(facts);
    }

    private static String cores(int forThisProcess, CpuTopology topology) {
        return Figures.count(forThisProcess) + " for this process"
                + counted(", ", topology.physicalCores(), " physical")
                + counted(", ", topology.logicalCores(), " logical")
                + counted(" in ", topology.packages(), topology.packages().orElse(0) == 1 ? " package" : " packages");
    }

    private static String counted(String before, OptionalInt count, String what) {
        return count.isPresent() ? before + Figures.count(count.getAsInt()) + what : "";
    }

    private String caches(CpuTopology topology) {
        String each = topology.caches().stream().map(HardwareDocument::cache).collect(Collectors.joining(", "));
        long largest = topology.caches().stream().mapToLong(Cache::bytes).max().orElse(0);
        long lastLevel = result.lastLevelCacheBytes().orElse(0);
        return lastLevel > largest ? each + "; " + Figures.mebibytes(lastLevel) + " of the last level in all" : each;
    }

    private static String cache(Cache cache) {
        String type = cache.type().equals("unified") ? "" : " " + cache.type();
        String size = cache.bytes() < MIB ? Figures.kibibytes(cache.bytes()) : Figures.mebibytes(cache.bytes());
        return "L" + cache.level() + type + " " + size;
    }

    private Table compute() {
        List<Column> columns =
                new ArrayList<>(List.of(Column.number("threads"), Column.text(""), Column.number("multiply-adds")));
        for (ShapeClass shapeClass : ShapeClass.values()) {
            columns.add(Column.number(shapeClass.label()));
        }
        List<List<String>> rows = new ArrayList<>();
        for (Ceilings ceilings : result.ceilings()) {
            List<Rate> rates = new ArrayList<>(List.of(ceilings.fusedMultiplyAdd()));
            Arrays.stream(ShapeClass.values())
                    .map(shapeClass -> ceilings.productCeiling(shapeClass).gflopsPerSecond())
                    .forEach(rates::add);
            addRows(ceilings, rates, 1, rows);
        }
        return new Table("Compute, GFLOP/s of all threads together: products by class of shape", columns, rows);
    }

    private Table memory() {
        List<List<String>> rows = new ArrayList<>();
        for (Ceilings ceilings : result.ceilings()) {
            addRows(
                    ceilings,
                    List.of(
                            ceilings.memory().read(),
                            ceilings.memory().write(),
                            ceilings.memory().triad()),
                    GIGA,
                    rows);
        }
        return new Table(
                "Memory, GB/s of all threads together",
                List.of(
                        Column.number("threads"),
                        Column.text(""),
                        Column.number("read"),
                        Column.number("write"),
                        Column.number("triad")),
                rows);
    }

    /** A row of medians and one of the fastest samples. */
    private static void addRows(Ceilings ceilings, List<Rate> rates, double unit, List<List<String>> rows) {
        rows.add(row(Figures.count(ceilings.threads()), "median", rates, rate -> rate.median() / unit));
        rows.add(row("", "best", rates, rate -> rate.best() / unit));
    }

    private static List<String> row(String threads, String which, List<Rate> rates, ToDoubleFunction<Rate> figure) {
        List<String> row = new ArrayList<>(List.of(threads, which));
        rates.forEach(rate -> row.add(Figures.rate(figure.applyAsDouble(rate))));
        return row;
    }

    private Table roofs() {
        List<List<String>> rows = new ArrayList<>();
        for (Ceilings ceilings : result.ceilings()) {
            rows.add(List.of(
                    Figures.count(ceilings.threads()),
                    Figures.rate(ceilings.computeRoof().value()),
                    ceilings.computeRoof().source(),
                    Figures.rate(ceilings.memoryRoof().value() / GIGA),
                    ceilings.memoryRoof().source(),
                    Figures.rate(ceilings.balance())));
        }
        return new Table(
                "Roofline: the fastest of all, and the FLOPs a byte where its two lines meet",
                List.of(
                        Column.number("threads"),
                        Column.number("GFLOP/s"),
                        Column.text("reached by"),
                        Column.number("GB/s"),
                        Column.text("reached by"),
                        Column.number("FLOP/B")),
                rows);
    }

    private String shapes() {
        return "Shapes, (m×k)·(k×n): "
                + result.ceilings().get(0).products().stream()
                        .map(HardwareDocument::shape)
                        .collect(Collectors.joining("; "))
                + ".";
    }

    private static String shape(ProductCeiling product) {
        String shape = product.shapeClass().label() + " " + product.m() + "×" + product.k() + "×" + product.n();
        return switch (product.shapeClass()) {
            case LARGE -> shape;
            case ATTENTION -> shape + " and the product with the values, a tile on each thread";
            case SKINNY, VECTOR -> shape + ", weights from memory";
        };
    }

    private String method() {
        long bytes = result.ceilings().get(0).memory().arrayBytes();
        return "Measured in this process with " + result.engine().label()
                + ", float32. A rate is warmed up until two samples in a row"
                + " gain no more than 2 %, then sampled. Multiply-adds: a Java loop over 128 KiB a thread. Memory: copies to"
                + " and from arrays of " + Figures.mebibytes(bytes) + timesTheCaches(bytes)
                + "; plain stores, so that writing also reads each line, which is not counted, as in STREAM.";
    }

    private String timesTheCaches(long bytes) {
        return result.lastLevelCacheBytes().isPresent()
                ? ", " + Figures.times(bytes, result.lastLevelCacheBytes().getAsLong()) + " times the last-level caches"
                : " (how large the caches are is unknown)";
    }

    private boolean allSteady() {
        return result.ceilings().stream()
                .flatMap(ceilings -> {
                    List<Rate> rates = new ArrayList<>(List.of(
                            ceilings.fusedMultiplyAdd(),
                            ceilings.memory().read(),
                            ceilings.memory().write(),
                            ceilings.memory().triad()));
                    ceilings.products().forEach(product -> rates.add(product.gflopsPerSecond()));
                    return rates.stream();
                })
                .allMatch(Rate::steady);
    }
}
