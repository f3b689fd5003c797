package dev.flopscope.report.record;

import dev.flopscope.config.Engine;
import dev.flopscope.machine.Build;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.Gpu;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.schema.CeilingRecord;
import dev.flopscope.schema.Envelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several kinds of files have of the program and of the machine. */
public final class Envelopes {
    static final String DTYPE = "float32";

    private static final double GIGA = 1e9;
    private static final String GFLOPS = "GFLOP/s";
    private static final String GIGABYTES = "GB/s";

    private Envelopes() {}

    /** The beginning of a file of {@code command}, if nothing ran. */
    public static Envelope of(String command, List<String> commandLine, Instant date) {
        return of(command, commandLine, date, null, null);
    }

    /** The beginning of a file of {@code command}, which ran {@code engine} on {@code machine}. */
    public static Envelope of(
            String command,
            List<String> commandLine,
            Instant date,
            @Nullable MachineInfo machine,
            @Nullable Engine engine) {
        Build build = Build.detect();
        return new Envelope(
                Envelope.VERSION,
                command,
                new Envelope.Program(build.version(), build.commit()),
                date.toString(),
                commandLine,
                machine == null ? null : machine(machine),
                machine == null || engine == null ? null : engine(machine, engine),
                machine == null ? null : machine.gpu().map(Envelopes::gpu).orElse(null));
    }

    /** The machine as files have it. */
    public static Envelope.Machine machine(MachineInfo machine) {
        return new Envelope.Machine(
                machine.cpu().model(),
                machine.cpu().cores(),
                machine.cpu().vectorInstructions(),
                machine.memory().total(),
                machine.memory().available(),
                machine.java(),
                machine.os());
    }

    private static Envelope.Gpu gpu(Gpu gpu) {
        return new Envelope.Gpu(
                gpu.name(),
                gpu.architecture(),
                gpu.multiprocessors(),
                gpu.memoryBytes(),
                gpu.driver(),
                gpu.compiler(),
                gpu.devices());
    }

    /** The engine as files have it. */
    public static Envelope.Engine engine(MachineInfo machine, Engine engine) {
        return new Envelope.Engine(
                engine.label(),
                machine.blas().vendor(),
                machine.blas().version(),
                machine.blas().kernel(),
                machine.threads(),
                engine.dtype());
    }

    /** A row a ceiling and number of threads. */
    public static List<CeilingRecord> ceilings(Collection<Ceilings> all) {
        List<CeilingRecord> rows = new ArrayList<>();
        for (Ceilings ceilings : all) {
            rows.add(rate(ceilings, "multiply-adds", GFLOPS, ceilings.fusedMultiplyAdd(), 1));
            for (ProductCeiling product : ceilings.products()) {
                Rate rate = product.gflopsPerSecond();
                rows.add(new CeilingRecord(
                        ceilings.threads(),
                        "product",
                        product.shapeClass().label(),
                        product.m(),
                        product.k(),
                        product.n(),
                        product.flopsPerByte(),
                        GFLOPS,
                        rate.median(),
                        rate.best(),
                        rate.samples(),
                        rate.steady()));
            }
            rows.add(rate(ceilings, "read", GIGABYTES, ceilings.memory().read(), GIGA));
            rows.add(rate(ceilings, "write", GIGABYTES, ceilings.memory().write(), GIGA));
            rows.add(rate(ceilings, "triad", GIGABYTES, ceilings.memory().triad(), GIGA));
        }
        return rows;
    }

    private static CeilingRecord rate(Ceilings ceilings, String name, String unit, Rate rate, double scale) {
        return new CeilingRecord(
                ceilings.threads(),
                name,
                null,
                null,
                null,
                null,
                null,
                unit,
                rate.median() / scale,
                rate.best() / scale,
                rate.samples(),
                rate.steady());
    }

    /** A row a number of threads: the two lines of its roofline. */
    public static List<CeilingRecord.Roofline> rooflines(Collection<Ceilings> all) {
        return all.stream()
                .map(ceilings -> new CeilingRecord.Roofline(
                        ceilings.threads(),
                        ceilings.computePeak().value(),
                        ceilings.computePeak().source(),
                        Math.round(ceilings.memoryPeak().value()),
                        ceilings.memoryPeak().source(),
                        ceilings.balance(),
                        ceilings.memory().arrayBytes()))
                .toList();
    }
}
