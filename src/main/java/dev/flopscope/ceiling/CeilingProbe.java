package dev.flopscope.ceiling;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.MachineProbes;
import dev.flopscope.backend.MachineProbes.MultiplyAdds;
import dev.flopscope.backend.Probe;
import dev.flopscope.backend.Tensor;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MemoryBandwidth;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongBinaryOperator;

/**
 * Measures {@link Ceilings} in this process, through the backend that passes run on, once for each number of threads: asked
 * again, it answers with what it measured. It is for one caller at a time.
 */
public final class CeilingProbe {
    /** How many rates one number of threads needs. */
    public static final int QUANTITIES = 8;

    private static final long SKINNY_ROWS = 16;

    private final IntFunction<Backend> start;
    private final ProbedShapes shapes;
    private final SamplingBudget budget;
    private final Sampler sampler;
    private final Runnable progress;
    private final Map<Integer, Ceilings> measured = new HashMap<>();

    /**
     * Measures nothing yet.
     *
     * @param shapes of products that are measured
     * @param start starts the backend with a number of threads
     * @param budget how long to measure and on how large arrays
     * @param progress told after each of {@value #QUANTITIES} quantities
     */
    public CeilingProbe(ProbedShapes shapes, IntFunction<Backend> start, SamplingBudget budget, Runnable progress) {
        this.shapes = shapes;
        this.start = start;
        this.budget = budget;
        this.sampler = new Sampler(budget);
        this.progress = progress;
    }

    /** The numbers of threads worth measuring: 1, 2, 4 and so on, and {@code most}. */
    public static List<Integer> threadCounts(int most) {
        List<Integer> counts = new ArrayList<>();
        for (int threads = 1; threads < most; threads *= 2) {
            counts.add(threads);
        }
        counts.add(most);
        return counts;
    }

    /**
     * What is allocated while ceilings are measured, in bytes: three arrays, as many bytes of weights, one of which is being
     * packed, and a large product.
     *
     * @param shapes of products that are measured
     * @param arrayBytes of each of the three arrays
     * @param packing what a weight of so many rows and columns takes while it is packed
     */
    public static long bytes(ProbedShapes shapes, long arrayBytes, LongBinaryOperator packing) {
        return Math.multiplyExact(4, arrayBytes) + shapes.bytes() + WeightProbe.packing(packing);
    }

    /**
     * Ceilings with {@code threads} threads.
     *
     * @throws OutOfMemoryError if there is no memory for the arrays
     */
    public Ceilings of(int threads) {
        return measured.computeIfAbsent(threads, this::measure);
    }

    private Ceilings measure(int threads) {
        try (Backend backend = start.apply(threads);
                Allocator memory = backend.allocator()) {
            MachineProbes probes = backend.probes(memory, budget.arrayBytes());
            MultiplyAdds multiplyAdds = probes.multiplyAdds();
            Rate fused = rate(multiplyAdds);
            MemoryBandwidth bandwidth = new MemoryBandwidth(
                    rate(probes.read()), rate(probes.write()), rate(probes.triad()), probes.arrayBytes());
            return new Ceilings(threads, multiplyAdds.loop(), fused, bandwidth, products(backend, probes, memory));
        }
    }

    private List<ProductCeiling> products(Backend backend, MachineProbes probes, Allocator memory) {
        WeightProbe large = WeightProbe.of(backend, memory, shapes.large());
        List<Tensor> weights = WeightProbe.weights(backend, memory, budget.arrayBytes());
        WeightProbe skinny = WeightProbe.of(backend, memory, SKINNY_ROWS, weights);
        WeightProbe vector = WeightProbe.of(backend, memory, 1, weights);
        return List.of(
                large.ceiling(ShapeClass.LARGE, rate(large)),
                new ProductCeiling(
                        ShapeClass.ATTENTION,
                        shapes.scores().m(),
                        shapes.scores().k(),
                        shapes.scores().n(),
                        rate(probes.tiles(shapes.scores(), shapes.heads()))),
                skinny.ceiling(ShapeClass.SKINNY, rate(skinny)),
                vector.ceiling(ShapeClass.VECTOR, rate(vector)));
    }

    private Rate rate(Probe probe) {
        Rate rate = sampler.measure(probe);
        progress.run();
        return rate;
    }
}
