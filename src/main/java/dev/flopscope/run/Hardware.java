package dev.flopscope.run;

import dev.flopscope.ceiling.CeilingProbe;
import dev.flopscope.ceiling.Effort;
import dev.flopscope.ceiling.ProbedEngine;
import dev.flopscope.config.Engine;
import dev.flopscope.config.RunSpec;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.machine.LastLevelCache;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.tensor.Nd4jRuntime;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** What a run would run on, with BLAS loaded as a run loads it, and what that reaches. */
public final class Hardware {
    private Hardware() {}

    /** Starts ND4J and {@code engine} with {@code threads} threads and asks them and the machine. */
    public static MachineInfo inUse(Engine engine, int threads) {
        try (Nd4jRuntime started = Nd4jRuntime.start(threads)) {
            return MachineInfo.detect(MatmulEngine.start(engine, started).library(), threads);
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
        List<Integer> counts = CeilingProbe.threadCounts(threads);
        CeilingProbe probe = ceilings(engine, counts.size(), progress);
        return result(threads, engine, counts.stream().map(probe::of).toList());
    }

    /**
     * A probe that remembers what it measured.
     *
     * @param engine what multiplies
     * @param threadCounts for how many numbers of threads it will be asked
     * @param progress told after each quantity
     */
    public static CeilingProbe ceilings(Engine engine, int threadCounts, ProgressListener progress) {
        long total = (long) threadCounts * CeilingProbe.QUANTITIES;
        AtomicLong done = new AtomicLong();
        return new CeilingProbe(
                runtime -> {
                    MatmulEngine started = MatmulEngine.start(engine, runtime);
                    return new ProbedEngine(started.matmul(), started::layout);
                },
                Effort.of(
                        threadCounts,
                        lastLevelCache().orElse(0),
                        MemoryStatus.detect().available()),
                () -> progress.advanced(Phase.CEILINGS, done.incrementAndGet(), total));
    }

    /** What this machine reaches with the engine and the threads of {@code spec}, measured now. */
    static Ceilings ceilings(RunSpec spec, ProgressListener progress) {
        return ceilings(spec.engine(), 1, progress).of(spec.threads());
    }

    private static HardwareResult result(int threads, Engine engine, List<Ceilings> ceilings) {
        return new HardwareResult(inUse(engine, threads), engine, CpuTopology.detect(), lastLevelCache(), ceilings);
    }

    /** All caches before memory that this process can reach, in bytes, if known. */
    static OptionalLong lastLevelCache() {
        return LastLevelCache.bytes(Runtime.getRuntime().availableProcessors());
    }
}
