package dev.flopscope.ceiling;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products x·Wᵀ of m rows with a weight as the engine lays it out, all threads on one product; in GFLOP/s. A sample multiplies by
 * each weight once.
 */
public final class WeightProbe implements Probe {
    /** GPT-2 XL's gate at 1,024 tokens. */
    private static final long LARGE_ROWS = 1024;

    private static final int LARGE_IN = 1600;
    private static final int LARGE_OUT = 6400;

    private static final long SKINNY_ROWS = 16;
    private static final int WEIGHT_IN = 2048;
    private static final long WEIGHT_OUT = 8192;

    private final Matmul engine;
    private final INDArray left;
    private final List<Weight> weights;
    private final INDArray result;

    private WeightProbe(Matmul engine, MatrixAllocator memory, long m, List<Weight> weights) {
        this.engine = engine;
        this.weights = weights;
        this.left = Operands.matrix(memory, m, weights.get(0).columns()).array();
        this.result = memory.allocateZeros(m, weights.get(0).rows()).array();
    }

    /** One large product, {@value #LARGE_ROWS}×{@value #LARGE_IN}×{@value #LARGE_OUT}: what plain sgemm reaches. */
    public static WeightProbe large(ProbedEngine engine, MatrixAllocator memory) {
        return new WeightProbe(engine.matmul(), memory, LARGE_ROWS, weights(engine, memory, LARGE_OUT, LARGE_IN, 1));
    }

    /** A few rows against one weight after the other, so that none is in a cache. */
    static WeightProbe skinny(Matmul engine, MatrixAllocator memory, List<Weight> weights) {
        return new WeightProbe(engine, memory, SKINNY_ROWS, weights);
    }

    /** One row, as in decoding, against one weight after the other. */
    static WeightProbe vector(Matmul engine, MatrixAllocator memory, List<Weight> weights) {
        return new WeightProbe(engine, memory, 1, weights);
    }

    /** Weights of 64 MiB, as many as fill {@code bytes}, which should exceed the caches; one smaller one if it is less. */
    static List<Weight> weights(ProbedEngine engine, MatrixAllocator memory, long bytes) {
        long rows = Math.max(1, bytes / ((long) WEIGHT_IN * Float.BYTES));
        long out = Math.min(rows, WEIGHT_OUT);
        return weights(engine, memory, out, WEIGHT_IN, rows / out);
    }

    private static List<Weight> weights(ProbedEngine engine, MatrixAllocator memory, long out, int in, long count) {
        List<Weight> weights = new ArrayList<>();
        try (WeightLayout layout = engine.layout().apply(memory)) {
            for (long weight = 0; weight < count; weight++) {
                weights.add(layout.lay(out, in, matrix -> Operands.fill(matrix, memory.workers())));
            }
        }
        return weights;
    }

    @Override
    public double sample() {
        long start = System.nanoTime();
        for (Weight weight : weights) {
            engine.project(MatmulSite.lmHead(), left, weight, result);
        }
        return (double) flops() / (System.nanoTime() - start);
    }

    /** FLOPs of a sample. */
    long flops() {
        return 2 * m() * k() * n() * weights.size();
    }

    /** This probe's shape with the rate that was measured. */
    ProductCeiling ceiling(ShapeClass shapeClass, Rate rate) {
        return new ProductCeiling(shapeClass, m(), k(), n(), rate);
    }

    private long m() {
        return left.size(0);
    }

    private long k() {
        return left.size(1);
    }

    private long n() {
        return result.size(1);
    }
}
