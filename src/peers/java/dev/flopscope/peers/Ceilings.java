package dev.flopscope.peers;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;

/** What the cores reach here and now, in GFLOP/s: one large product, and fused multiply-adds that need no memory. */
final class Ceilings implements AutoCloseable {
    /** The product whose rate stands for plain sgemm: GPT-2 XL's gate at 1,024 tokens. */
    private static final int SGEMM_M = 1024;

    private static final int SGEMM_K = 1600;
    private static final int SGEMM_N = 6400;
    private static final int SGEMM_REPEATS = 5;

    /** A quarter of a first-level cache. */
    private static final int FMA_VALUES = 2048;

    private static final int FMA_DEPTH = 8;
    private static final int FMA_SWEEPS = 4_000;
    /** Shared out as threads get free, so that a thread that was held up does not decide the rate. */
    private static final int FMA_SHARES = 64;

    private final Nd4jRuntime runtime;
    private final MatrixAllocator memory;
    private final Nd4jMatmul matmul = new Nd4jMatmul();
    private final Matrix left;
    private final Matrix right;
    private final Matrix result;
    private final DoubleAdder sink = new DoubleAdder();

    /** Ceilings of {@code threads} threads. */
    Ceilings(int threads) {
        runtime = Nd4jRuntime.start(threads);
        memory = new MatrixAllocator(runtime);
        left = memory.allocateZeros(SGEMM_M, SGEMM_K);
        right = memory.allocateZeros(SGEMM_N, SGEMM_K);
        result = memory.allocateZeros(SGEMM_M, SGEMM_N);
    }

    /** One large product by the BLAS that Flopscope uses. */
    double sgemm() {
        long start = System.nanoTime();
        for (int repeat = 0; repeat < SGEMM_REPEATS; repeat++) {
            matmul.multiply(MatmulSite.lmHead(), left.array(), right.array(), Right.TRANSPOSED, result.array());
        }
        return 2.0 * SGEMM_M * SGEMM_K * SGEMM_N * SGEMM_REPEATS / (System.nanoTime() - start);
    }

    /**
     * Fused multiply-adds on all threads at once. A loop over an array in the first-level cache applies {@value #FMA_DEPTH}
     * of them to each value, one after another: HotSpot makes vectors of neighbours, the processor overlaps iterations, and
     * there is one load and one store to eight multiply-adds, so that only the multiply-adds can be the limit.
     */
    double fusedMultiplyAdds() {
        long start = System.nanoTime();
        runtime.workers().forRows(FMA_SHARES, (from, to) -> {
            for (long share = from; share < to; share++) {
                float[] values = new float[FMA_VALUES];
                for (int sweep = 0; sweep < FMA_SWEEPS; sweep++) {
                    sweep(values, 0.5f, 0.5f);
                }
                sink.add(Arrays.hashCode(values));
            }
        });
        return 2.0 * FMA_DEPTH * FMA_VALUES * FMA_SWEEPS * FMA_SHARES / (System.nanoTime() - start);
    }

    /** v becomes v·a + b, {@value #FMA_DEPTH} times over. */
    private static void sweep(float[] values, float a, float b) {
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
            values[i] = v;
        }
    }

    @Override
    public void close() {
        memory.close();
        runtime.close();
    }
}
