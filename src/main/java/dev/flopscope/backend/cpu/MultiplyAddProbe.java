package dev.flopscope.backend.cpu;

import dev.flopscope.backend.Probe;
import dev.flopscope.backend.cpu.memory.Workers;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Fused multiply-adds on all threads at once, that nothing but the multiply-adds can limit; in GFLOP/s.
 *
 * <p>A loop over an array applies {@value #DEPTH} of them to each value, one after another: HotSpot makes vectors of
 * neighbours, the processor overlaps iterations, and there is one load and one store to {@value #DEPTH} multiply-adds. The
 * array is of {@value #VALUES} values, which the second-level cache feeds without effort: HotSpot does a dozen or two
 * values at either end of a loop one by one, which costs 6 % of the rate at 2,048 values and less than 1 % here.
 */
final class MultiplyAddProbe implements Probe {
    private static final int VALUES = 32_768;
    private static final int DEPTH = 16;
    private static final int SWEEPS = 32;
    /** Shared out as threads get free, so that a thread that was held up does not decide the rate. */
    private static final int SHARES_PER_THREAD = 16;

    private final Workers workers;
    private final boolean fused;
    private final float[][] values;
    private final LongAdder sink = new LongAdder();

    /**
     * Loads {@code workers}.
     *
     * @param fused whether the processor has fused multiply-adds; Java computes them in software where it has not, and
     *     this probe multiplies and adds instead
     */
    MultiplyAddProbe(Workers workers, boolean fused) {
        this.workers = workers;
        this.fused = fused;
        this.values = new float[workers.threads()][VALUES];
        for (float[] array : values) {
            Arrays.fill(array, 0.5f);
        }
    }

    @Override
    public double sample() {
        long shares = (long) SHARES_PER_THREAD * workers.threads();
        long start = System.nanoTime();
        workers.forTasks(shares, (worker, share) -> {
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                if (fused) {
                    sweepFused(values[worker], 0.5f, 0.5f);
                } else {
                    sweep(values[worker], 0.5f, 0.5f);
                }
            }
            sink.add(Float.floatToRawIntBits(values[worker][VALUES - 1]));
        });
        return 2.0 * DEPTH * VALUES * SWEEPS * shares / (System.nanoTime() - start);
    }

    /** v becomes v·a + b, {@value #DEPTH} times over. */
    private static void sweepFused(float[] values, float a, float b) {
        for (int i = 0; i < values.length; i++) {
            float v = values[i];
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            values[i] = v;
        }
    }

    /** The same by a multiply and an add each. */
    private static void sweep(float[] values, float a, float b) {
        for (int i = 0; i < values.length; i++) {
            float v = values[i];
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            v = v * a + b;
            values[i] = v;
        }
    }
}
