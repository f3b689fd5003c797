package dev.flopscope.run;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.ceiling.CeilingProbe;
import dev.flopscope.ceiling.ProbedShapes;
import dev.flopscope.ceiling.SamplingBudget;
import dev.flopscope.config.Engine;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.machine.LastLevelCache;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.run.ProgressListener.Activity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** What a run would run on, with libraries loaded as a run loads them, and what that reaches. */
public final class Hardware {
    /** More than any GPU's second-level cache has: its arrays are as large as those of a processor with that much. */
    private static final long CACHES_OF_A_GPU = 256L << 20;

    private Hardware() {}

    /** The fastest engine that there is for this system. */
    public static Engine bestEngine() {
        return CpuBackend.best();
    }

    /**
     * Why {@link #bestEngine} is not the fastest engine that was made for this system, if it is not; in words.
     *
     * @throws LinkageError if the other engine cannot be started either
     */
    public static Optional<String> engineFault() {
        Optional<String> fault = CpuBackend.fault();
        if (fault.isPresent()) {
            CpuBackend.start(Engine.OPENBLAS, 1).close();
        }
        return fault.map(reason -> "oneDNN cannot be loaded, so that OpenBLAS multiplies, which is slower: " + reason);
    }

    /** Starts {@code engine} with {@code threads} threads and asks it and the machine. */
    public static MachineInfo inUse(Engine engine, int threads) {
        try (Backend backend = Engines.start(engine, threads)) {
            return MachineInfo.detect(backend.library(), threads, backend.gpu());
        }
    }

    /** What the hardware is, with nothing measured. */
    public static HardwareResult described(int threads, Engine engine) {
        return result(threads, engine, List.of());
    }

    /**
     * What the hardware is, and its ceilings with 1, 2, 4 and so on up to {@code threads} threads, which takes some seconds.
     *
     * @throws OutOfMemoryError if there is no memory for the arrays that bandwidth is measured on
     */
    public static HardwareResult measured(int threads, Engine engine, ProgressListener progress) {
        List<Integer> counts = engine.isOnGpu() ? List.of(threads) : CeilingProbe.threadCounts(threads);
        CeilingProbe probe = ceilings(engine, counts.size(), progress);
        return result(threads, engine, counts.stream().map(probe::of).toList());
    }

    /**
     * A probe of what this machine reaches, which remembers what it measured.
     *
     * @param engine what multiplies
     * @param threadCounts for how many numbers of threads it will be asked
     * @param progress told after each quantity
     */
    public static CeilingProbe ceilings(Engine engine, int threadCounts, ProgressListener progress) {
        long total = (long) threadCounts * CeilingProbe.QUANTITIES;
        AtomicLong done = new AtomicLong();
        return new CeilingProbe(
                shapes(engine),
                threads -> Engines.start(engine, threads),
                budget(engine, threadCounts, Engines.memory(engine)),
                () -> progress.advanced(Activity.CEILINGS, done.incrementAndGet(), total));
    }

    private static ProbedShapes shapes(Engine engine) {
        return engine.isOnGpu() ? ProbedShapes.OF_A_GPU : ProbedShapes.OF_A_PROCESSOR;
    }

    private static SamplingBudget budget(Engine engine, int threadCounts, MemoryStatus memory) {
        long caches = engine.isOnGpu() ? CACHES_OF_A_GPU : lastLevelCache().orElse(0);
        return SamplingBudget.of(threadCounts, caches, memory.available());
    }

    /** What is allocated while ceilings are measured, in bytes, where there is so much memory. */
    static long ceilingBytes(Engine engine, MemoryStatus memory) {
        return CeilingProbe.bytes(
                shapes(engine), budget(engine, 1, memory).arrayBytes(), Engines.footprint(engine, 1)::packing);
    }

    private static HardwareResult result(int threads, Engine engine, List<Ceilings> ceilings) {
        return new HardwareResult(inUse(engine, threads), engine, CpuTopology.detect(), lastLevelCache(), ceilings);
    }

    /** All caches before memory that this process can reach, in bytes, if known. */
    static OptionalLong lastLevelCache() {
        return LastLevelCache.bytes(Runtime.getRuntime().availableProcessors());
    }
}
