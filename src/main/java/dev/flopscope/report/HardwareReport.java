package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.machine.CpuTopology.Cache;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.HardwareResult;
import dev.flopscope.schema.CeilingRecord;
import dev.flopscope.schema.HardwareFile;
import dev.flopscope.schema.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the hardware is, which BLAS runs on it, and what they reach. */
public final class HardwareReport implements Report {
    private static final double GIGA = 1e9;
    private static final long MIB = 1L << 20;
    private static final String THREADS = "threads";

    private final HardwareResult result;
    private final Instant date = Instant.now();

    /** Reports {@code result}. */
    public HardwareReport(HardwareResult result) {
        this.result = result;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>(List.of(facts()));
        if (!result.ceilings().isEmpty()) {
            blocks.addAll(List.of(compute(), memory(), peaks(), new Paragraph(shapes()), new Paragraph(method())));
            if (!Envelopes.ceilings(result.ceilings()).stream().allMatch(CeilingRecord::steady)) {
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
        facts.add(new Fact(THREADS, Figures.count(machine.threads())));
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
        String each = topology.caches().stream().map(HardwareReport::cache).collect(Collectors.joining(", "));
        long largest = topology.caches().stream().mapToLong(Cache::bytes).max().orElse(0);
        long lastLevel = result.lastLevelCacheBytes().orElse(0);
        return lastLevel > largest ? each + "; " + Figures.mebibytes(lastLevel) + " of the last level in all" : each;
    }

    private static String cache(Cache cache) {
        String type = cache.type().equals("unified") ? "" : " " + cache.type();
        String size = cache.bytes() < MIB ? Figures.kibibytes(cache.bytes()) : Figures.mebibytes(cache.bytes());
        return "L" + cache.level() + type + " " + size;
    }

    /** A number of threads and one figure of each of its rates: the median, or the best. */
    private record Row(Ceilings ceilings, boolean median) {
        String figure(Rate rate, double unit) {
            return Figures.rate((median ? rate.median() : rate.best()) / unit);
        }
    }

    private List<Row> medianAndBest() {
        return result.ceilings().stream()
                .flatMap(ceilings -> Stream.of(new Row(ceilings, true), new Row(ceilings, false)))
                .toList();
    }

    private static Columns<Row> columns() {
        return new Columns<Row>()
                .number(
                        THREADS,
                        row -> row.median() ? Figures.count(row.ceilings().threads()) : "")
                .text("", row -> row.median() ? "median" : "best");
    }

    private Table compute() {
        Columns<Row> columns = columns()
                .number("multiply-adds", row -> row.figure(row.ceilings().fusedMultiplyAdd(), 1));
        for (ShapeClass shapeClass : ShapeClass.values()) {
            columns.number(
                    shapeClass.label(),
                    row -> row.figure(row.ceilings().productCeiling(shapeClass).gflopsPerSecond(), 1));
        }
        return columns.table("Compute, GFLOP/s of all threads together: products by class of shape", medianAndBest());
    }

    private Table memory() {
        return columns()
                .number("read", row -> row.figure(row.ceilings().memory().read(), GIGA))
                .number("write", row -> row.figure(row.ceilings().memory().write(), GIGA))
                .number("triad", row -> row.figure(row.ceilings().memory().triad(), GIGA))
                .table("Memory, GB/s of all threads together", medianAndBest());
    }

    private Table peaks() {
        return new Columns<Ceilings>()
                .number(THREADS, ceilings -> Figures.count(ceilings.threads()))
                .number(
                        "GFLOP/s",
                        ceilings -> Figures.rate(ceilings.computePeak().value()))
                .text("reached by", ceilings -> ceilings.computePeak().source())
                .number("GB/s", ceilings -> Figures.rate(ceilings.memoryPeak().value() / GIGA))
                .text("reached by", ceilings -> ceilings.memoryPeak().source())
                .number("FLOP/B", ceilings -> Figures.rate(ceilings.balance()))
                .table(
                        "Roofline: the fastest of all, and the FLOPs a byte where its two lines meet",
                        result.ceilings());
    }

    private String shapes() {
        return "Shapes, (m×k)·(k×n): "
                + result.ceilings().get(0).products().stream()
                        .map(HardwareReport::shape)
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

    @Override
    public CsvRows rows() {
        return CsvRows.of(
                "threads,ceiling,shape_class,m,k,n,unit,median,best,samples,steady",
                Envelopes.ceilings(result.ceilings()).stream().map(Json::tree).toList());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        CpuTopology topology = result.topology();
        return Json.tree(new HardwareFile(
                Envelopes.of("hardware", commandLine, date, result.machine(), result.engine()),
                Json.orNull(topology.packages()),
                Json.orNull(topology.physicalCores()),
                Json.orNull(topology.logicalCores()),
                topology.caches().stream()
                        .map(cache -> new HardwareFile.Cache(cache.level(), cache.type(), cache.bytes()))
                        .toList(),
                Json.orNull(result.lastLevelCacheBytes()),
                Envelopes.ceilings(result.ceilings()),
                Envelopes.rooflines(result.ceilings())));
    }
}
