package dev.flopscope.backend.cpu;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import dev.flopscope.backend.MachineProbes.MultiplyAdds;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.machine.Cpu;
import dev.flopscope.machine.MultiplyAddLoop;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Fused multiply-adds on all threads at once, that nothing but the multiply-adds can limit; in GFLOP/s. Shares are given out
 * as threads get free, so that a thread that was held up does not decide the rate.
 *
 * @param workers the threads
 * @param loop what they run
 * @param share does one share on a worker
 * @param flopsOfAShare the FLOPs of it
 */
record MultiplyAddProbe(Workers workers, MultiplyAddLoop loop, Workers.Task share, long flopsOfAShare)
        implements MultiplyAdds {
    private static final int SHARES_PER_THREAD = 16;
    /** Some 100 MFLOP with the widest vectors: a sample of all shares takes 5 to 15 ms, of which a late start is little. */
    private static final long ITERATIONS = 1 << 17;
    /** Values tend to 1 from below, so that none becomes subnormal, infinite or a power of two that costs less power. */
    private static final float FACTOR = 0.999f;

    private static final float SUMMAND = 0.001f;

    private static final int JAVA_VALUES = 32_768;
    private static final int JAVA_SWEEPS = 32;
    private static final int JAVA_DEPTH = 16;

    /** The fastest loop that this processor and system allow. */
    static MultiplyAddProbe of(MatrixAllocator memory, Cpu cpu) {
        MultiplyAddLoop loop = cpu.multiplyAddLoop();
        Optional<Function> code =
                loop == MultiplyAddLoop.JAVA ? Optional.empty() : memory.code(MultiplyAddCode.of(loop));
        return code.map(function -> inMachineCode(memory.workers(), loop, function))
                .orElseGet(() -> inJava(memory.workers(), cpu.hasFusedMultiplyAdd()));
    }

    private static MultiplyAddProbe inMachineCode(Workers workers, MultiplyAddLoop loop, Function code) {
        Memory[] registers = IntStream.range(0, workers.threads())
                .mapToObj(worker -> registers(MultiplyAddCode.lanes(loop)))
                .toArray(Memory[]::new);
        return new MultiplyAddProbe(
                workers,
                loop,
                (worker, share) -> code.invokeVoid(new Object[] {registers[worker], ITERATIONS}),
                2 * ITERATIONS * MultiplyAddCode.multiplyAdds(loop));
    }

    private static Memory registers(int lanes) {
        float[] values = new float[MultiplyAddCode.REGISTERS * lanes];
        int accumulators = MultiplyAddCode.ACCUMULATORS * lanes;
        for (int i = 0; i < accumulators; i++) {
            values[i] = (float) i / accumulators;
        }
        Arrays.fill(values, accumulators, accumulators + lanes, FACTOR);
        Arrays.fill(values, accumulators + lanes, values.length, SUMMAND);
        Memory registers = new Memory((long) values.length * Float.BYTES);
        registers.write(0, values, 0, values.length);
        return registers;
    }

    /**
     * A loop over an array that applies {@value #JAVA_DEPTH} multiply-adds to each value. HotSpot makes vectors of neighbours.
     *
     * @param fused whether the processor has fused multiply-adds; Java computes them in software where it has not, and
     *     this loop multiplies and adds instead
     */
    static MultiplyAddProbe inJava(Workers workers, boolean fused) {
        float[][] values = new float[workers.threads()][JAVA_VALUES];
        return new MultiplyAddProbe(
                workers,
                MultiplyAddLoop.JAVA,
                (worker, share) -> {
                    for (int sweep = 0; sweep < JAVA_SWEEPS; sweep++) {
                        if (fused) {
                            sweepFused(values[worker]);
                        } else {
                            sweep(values[worker]);
                        }
                    }
                },
                2L * JAVA_DEPTH * JAVA_VALUES * JAVA_SWEEPS);
    }

    @Override
    public double sample() {
        long shares = (long) SHARES_PER_THREAD * workers.threads();
        long start = System.nanoTime();
        workers.forTasks(shares, share);
        return (double) flopsOfAShare * shares / (System.nanoTime() - start);
    }

    private static void sweepFused(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = fourFused(fourFused(fourFused(fourFused(values[i]))));
        }
    }

    private static float fourFused(float v) {
        return Math.fma(
                Math.fma(Math.fma(Math.fma(v, FACTOR, SUMMAND), FACTOR, SUMMAND), FACTOR, SUMMAND), FACTOR, SUMMAND);
    }

    private static void sweep(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = four(four(four(four(values[i]))));
        }
    }

    private static float four(float v) {
        return (((v * FACTOR + SUMMAND) * FACTOR + SUMMAND) * FACTOR + SUMMAND) * FACTOR + SUMMAND;
    }
}
