package dev.flopscope.ceiling;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Clock;
import dev.flopscope.backend.Probe;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;

/**
 * Products x·Wᵀ of m rows with a weight as the backend lays it out; in GFLOP/s. A sample multiplies by each weight once.
 *
 * @param products what multiplies
 * @param clock the clock of its work
 * @param left (m, k)
 * @param weights (n, k) each
 * @param result (m, n); overwritten
 */
public record WeightProbe(Products products, Clock clock, Tensor left, List<Tensor> weights, Tensor result)
        implements Probe {
    private static final long WEIGHT_IN = 2048;
    private static final long WEIGHT_OUT = 8192;

    private static final int PERIOD = 251;
    /** Values between −1 and 1, small and of both signs: zeros cost less power, and so might run faster, than real ones. */
    private static final RowSource VALUES = (row, values) -> {
        for (int column = 0; column < values.length; column++) {
            values[column] = (column * 89 % PERIOD - PERIOD / 2) / (float) PERIOD;
        }
    };

    /** Keeps a copy of the list. */
    public WeightProbe {
        weights = List.copyOf(weights);
    }

    /** Some rows against one weight after the other: where these fill more than the caches, none comes from there. */
    static WeightProbe of(Backend backend, Allocator memory, long rows, List<Tensor> weights) {
        Tensor weight = weights.get(0);
        Tensor left = memory.zeros(rows, weight.columns());
        try (TensorLoader loader = backend.loader(memory)) {
            backend.operators().gather(loader.table(1, left.columns(), VALUES), new int[(int) rows], left);
        }
        return new WeightProbe(backend.products(), backend.clock(), left, weights, memory.zeros(rows, weight.rows()));
    }

    /** One large product on a processor: what plain sgemm reaches. */
    public static WeightProbe large(Backend backend, Allocator memory) {
        return of(backend, memory, ProbedShapes.OF_A_PROCESSOR.large());
    }

    /** One product of a shape. */
    static WeightProbe of(Backend backend, Allocator memory, MatmulShape shape) {
        return of(backend, memory, shape.m(), weights(backend, memory, shape.n(), shape.k(), 1));
    }

    /** What one of many weights takes while it is packed. */
    static long packing(LongBinaryOperator packing) {
        return packing.applyAsLong(WEIGHT_OUT, WEIGHT_IN);
    }

    /** Weights of 64 MiB, as many as fill {@code bytes}, which should exceed the caches; one smaller one if it is less. */
    static List<Tensor> weights(Backend backend, Allocator memory, long bytes) {
        long rows = Math.max(1, bytes / (WEIGHT_IN * Float.BYTES));
        long out = Math.min(rows, WEIGHT_OUT);
        return weights(backend, memory, out, WEIGHT_IN, rows / out);
    }

    private static List<Tensor> weights(Backend backend, Allocator memory, long out, long in, long count) {
        List<Tensor> weights = new ArrayList<>();
        try (TensorLoader loader = backend.loader(memory)) {
            for (long weight = 0; weight < count; weight++) {
                weights.add(loader.weight(out, in, VALUES));
            }
        }
        return weights;
    }

    @Override
    public double sample() {
        long nanoseconds = clock.nanoseconds(
                () -> weights.forEach(weight -> products.project(MatmulSite.lmHead(), left, weight, result)));
        return (double) flops() / nanoseconds;
    }

    /** FLOPs of a sample. */
    long flops() {
        return 2 * left.rows() * left.columns() * result.columns() * weights.size();
    }

    /** This probe's shape with the rate that was measured. */
    ProductCeiling ceiling(ShapeClass shapeClass, Rate rate) {
        return new ProductCeiling(shapeClass, left.rows(), left.columns(), result.columns(), rate);
    }
}
