package dev.flopscope.report.hardware;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.machine.CpuTopology.Cache;
import dev.flopscope.machine.Gpu;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.run.HardwareResult;
import dev.flopscope.schema.CeilingRecord;
import dev.flopscope.schema.HardwareFile;
import dev.flopscope.schema.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the hardware is, which BLAS runs on it, and what they reach. */
public final class HardwareReport implements Report {
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
            result.ceilings().stream()
                    .flatMap(ceilings -> ceilings.measurementErrors().stream())
                    .forEach(line -> blocks.add(0, new Verdict(Tone.DOUBT, "MEASUREMENT ERROR: " + line)));
            if (!Envelopes.ceilings(result.ceilings()).stream().allMatch(CeilingRecord::steady)) {
                blocks.add(
                        0,
                        new Verdict(
                                Tone.DOUBT,
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
        facts.add(new Fact(
                "caches", topology.caches().isEmpty() ? "unknown, since the system does not tell" : caches(topology)));
        facts.add(new Fact("vectors", machine.cpu().vectorInstructions()));
        machine.gpu().ifPresent(gpu -> facts.addAll(ofGpu(gpu)));
        facts.add(new Fact("engine", result.engine().label()));
        facts.add(
                new Fact("BLAS", machine.blas().vendor() + " " + machine.blas().version()));
        facts.add(new Fact("kernel", machine.blas().describeKernel()));
        if (!onGpu()) {
            facts.add(new Fact(THREADS, Figures.count(machine.threads())));
        }
        facts.add(new Fact(
                "memory",
                Figures.bytes(machine.memory().total()) + ", "
                        + Figures.bytes(machine.memory().available()) + " available"));
        facts.add(new Fact("Java", machine.java()));
        facts.add(new Fact("system", machine.os()));
        return new Facts(facts);
    }

    private static List<Fact> ofGpu(Gpu gpu) {
        return List.of(
                new Fact("GPU", gpu.name() + (gpu.devices() > 1 ? ", the first of " + gpu.devices() : "")),
                new Fact(
                        "multiprocessors",
                        Figures.count(gpu.multiprocessors()) + ", compute capability " + gpu.architecture()),
                new Fact("GPU memory", Figures.bytes(gpu.memoryBytes())),
                new Fact("driver", "CUDA " + gpu.driver() + "; kernels are compiled by NVRTC " + gpu.compiler()));
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
        return lastLevel > largest ? each + "; " + Figures.bytes(lastLevel) + " of the last level in all" : each;
    }

    private static String cache(Cache cache) {
        String type = cache.type().equals("unified") ? "" : " " + cache.type();
        return "L" + cache.level() + type + " " + Figures.bytes(cache.bytes());
    }

    /** A number of threads and one figure of each of its rates: the median, or the best. */
    private record Row(Ceilings ceilings, boolean median) {
        double figure(Rate rate) {
            return median ? rate.median() : rate.best();
        }
    }

    /** Two rows a number of threads, with {@code figures} beside what they are of. */
    private Table rates(String caption, List<Column<Row>> figures) {
        List<Column<Row>> columns = new ArrayList<>();
        if (!onGpu()) {
            columns.add(Column.count(
                    THREADS, THREADS, row -> row.median() ? row.ceilings().threads() : null));
        }
        columns.add(Column.words("figure", "", row -> row.median() ? "median" : "best"));
        columns.addAll(figures);
        return Table.of(
                caption,
                columns,
                result.ceilings().stream()
                        .flatMap(ceilings -> Stream.of(new Row(ceilings, true), new Row(ceilings, false)))
                        .toList());
    }

    private static Column<Row> rate(String name, Unit unit, Function<Ceilings, Rate> rate) {
        return new Column<>(name, name, unit, row -> row.figure(rate.apply(row.ceilings())));
    }

    private Table compute() {
        List<Column<Row>> columns = new ArrayList<>();
        columns.add(rate("multiply-adds", Unit.GIGA_PER_SECOND, Ceilings::fusedMultiplyAdd));
        for (ShapeClass shapeClass : ShapeClass.values()) {
            columns.add(rate(
                    shapeClass.label(),
                    Unit.GIGA_PER_SECOND,
                    ceilings -> ceilings.productCeiling(shapeClass).gflopsPerSecond()));
        }
        return rates("Compute, GFLOP/s" + ofAllThreads() + ": products by class of shape", columns);
    }

    private Table memory() {
        return rates(
                "Memory, GB/s" + ofAllThreads(),
                List.of(
                        rate("read", Unit.GIGA, ceilings -> ceilings.memory().read()),
                        rate("write", Unit.GIGA, ceilings -> ceilings.memory().write()),
                        rate("triad", Unit.GIGA, ceilings -> ceilings.memory().triad())));
    }

    private boolean onGpu() {
        return result.engine().isOnGpu();
    }

    private String ofAllThreads() {
        return onGpu() ? "" : " of all threads together";
    }

    private Table peaks() {
        Column<Ceilings> threads = Column.count(THREADS, THREADS, Ceilings::threads);
        List<Column<Ceilings>> peaks = peakColumns();
        return Table.of(
                "Roofline: the fastest of all, and the FLOPs a byte where its two lines meet",
                onGpu()
                        ? peaks
                        : Stream.concat(Stream.of(threads), peaks.stream()).toList(),
                result.ceilings());
    }

    private static List<Column<Ceilings>> peakColumns() {
        return List.of(
                new Column<>(
                        "gflops_per_second",
                        "GFLOP/s",
                        Unit.GIGA_PER_SECOND,
                        ceilings -> ceilings.computePeak().value()),
                Column.words(
                        "compute_source",
                        "reached by",
                        ceilings -> ceilings.computePeak().source()),
                new Column<>(
                        "bytes_per_second",
                        "GB/s",
                        Unit.GIGA,
                        ceilings -> ceilings.memoryPeak().value()),
                Column.words(
                        "memory_source",
                        "reached by",
                        ceilings -> ceilings.memoryPeak().source()),
                new Column<>("balance", "FLOP/B", Unit.GIGA_PER_SECOND, Ceilings::balance));
    }

    private String shapes() {
        return "Shapes, (m×k)·(k×n): "
                + result.ceilings().get(0).products().stream().map(this::shape).collect(Collectors.joining("; "))
                + ".";
    }

    private String shape(ProductCeiling product) {
        String shape = product.shapeClass().label() + " " + product.m() + "×" + product.k() + "×" + product.n();
        return switch (product.shapeClass()) {
            case LARGE -> shape;
            case ATTENTION ->
                shape + " and the product with the values, "
                        + (onGpu() ? "of many heads at once, the faster of the two" : "a tile on each thread");
            case SKINNY, VECTOR -> shape + ", weights from memory";
        };
    }

    private String method() {
        long bytes = result.ceilings().get(0).memory().arrayBytes();
        return "Measured in this process with " + result.engine().label() + ", "
                + result.engine().dtype() + ". A rate is warmed up until two samples in a row"
                + " gain no more than 2 %, then sampled. Multiply-adds: "
                + result.ceilings().get(0).loop().label()
                + ", which waits for no memory. Memory: copies to and from arrays of " + Figures.bytes(bytes)
                + (onGpu()
                        ? ""
                        : timesTheCaches(bytes)
                                + "; plain stores, so that writing also reads each line, which is not counted, as in STREAM")
                + ". The roof of memory may be above reading: triad reads and writes at once, and the kernel of the vector"
                + " product reads otherwise than a copy does.";
    }

    private String timesTheCaches(long bytes) {
        return result.lastLevelCacheBytes().isPresent()
                ? ", " + Figures.times(bytes, result.lastLevelCacheBytes().getAsLong()) + " times the last-level caches"
                : " (how large the caches are is unknown)";
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(
                document(),
                Byline.of(figures),
                HardwarePage.charts(result.ceilings().size()),
                figures);
    }

    @Override
    public CsvRows rows() {
        return CsvRows.of(CeilingColumns.ALL, Envelopes.ceilings(result.ceilings()));
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
