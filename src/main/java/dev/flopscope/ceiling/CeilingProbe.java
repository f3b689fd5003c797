package dev.flopscope.ceiling;

import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.Cpu;
import dev.flopscope.machine.MemoryBandwidth;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures {@link Ceilings} in this process, through the port that a pass multiplies by, once for each number of threads:
 * asked again, it answers with what it measured. One caller at a time.
 */
public final class CeilingProbe {
    /** How many rates one number of threads needs. */
    public static final int QUANTITIES = 8;

    private final Function<Nd4jRuntime, ProbedEngine> engine;
    private final Effort effort;
    private final Sampler sampler;
    private final Runnable progress;
    private final Map<Integer, Ceilings> measured = new HashMap<>();

    /**
     * Measures nothing yet.
     *
     * @param engine makes the engine of products for a number of threads
     * @param effort how long and on how large arrays
     * @param progress told after each of {@value #QUANTITIES} quantities
     */
    public CeilingProbe(Function<Nd4jRuntime, ProbedEngine> engine, Effort effort, Runnable progress) {
        this.engine = engine;
        this.effort = effort;
        this.sampler = new Sampler(effort);
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
     * Ceilings with {@code threads} threads.
     *
     * <p>Sets BLAS's number of threads, which is global to the process, and leaves it at that.
     *
     * @throws OutOfMemoryError if there is no memory for the arrays
     */
    public Ceilings of(int threads) {
        return measured.computeIfAbsent(threads, this::measure);
    }

    private Ceilings measure(int threads) {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(threads);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            ProbedEngine started = engine.apply(runtime);
            Rate multiplyAdds =
                    rate(new MultiplyAddProbe(runtime.workers(), Cpu.detect().hasFusedMultiplyAdd()));
            MemoryProbes arrays = new MemoryProbes(memory, effort.arrayBytes());
            MemoryBandwidth bandwidth = new MemoryBandwidth(
                    rate(arrays::read), rate(arrays::write), rate(arrays::triad), arrays.arrayBytes());
            return new Ceilings(threads, multiplyAdds, bandwidth, products(started, memory));
        }
    }

    private List<ProductCeiling> products(ProbedEngine engine, MatrixAllocator memory) {
        WeightProbe large = WeightProbe.large(engine, memory);
        TileProbe tiles = new TileProbe(engine.matmul(), memory);
        List<Weight> weights = WeightProbe.weights(engine, memory, effort.arrayBytes());
        WeightProbe skinny = WeightProbe.skinny(engine.matmul(), memory, weights);
        WeightProbe vector = WeightProbe.vector(engine.matmul(), memory, weights);
        return List.of(
                large.ceiling(ShapeClass.LARGE, rate(large)),
                tiles.ceiling(rate(tiles)),
                skinny.ceiling(ShapeClass.SKINNY, rate(skinny)),
                vector.ceiling(ShapeClass.VECTOR, rate(vector)));
    }

    private Rate rate(Probe probe) {
        Rate rate = sampler.measure(probe);
        progress.run();
        return rate;
    }
}
