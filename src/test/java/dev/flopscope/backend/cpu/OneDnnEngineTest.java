package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.memory.CpuMatrices;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.backend.cpu.onednn.PackedWeight;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OneDnnEngineTest extends EngineTest {
    @Override
    ProductEngine engine(Nd4jRuntime onRuntime) {
        return new OneDnnEngine(onRuntime);
    }

    /** The elements that fill packed blocks up are there, and must not show. */
    @ParameterizedTest
    @MethodSource("extents")
    void productsWithPackedWeightsAreWithinTheBound(int m, int k, int n) {
        double[][] x = Matrices.random(1, m, k, 1);
        double[][] weight = Matrices.random(2, n, k, 1);
        Matrix result = CpuMatrices.filled(memory, m, n, Double.NaN);

        products.project(SITE, CpuMatrices.of(memory, x), packed(weight), result);

        assertWithinBound(CpuMatrices.values(result), 0, x, weight, Right.TRANSPOSED);
    }

    /** Few rows: columns are shared out among threads, in panels of packed weights, the last of them ragged. */
    @ParameterizedTest
    @CsvSource({
        "1, 300, 1000",
        "1, 768, 768",
        "2, 257, 641",
        "5, 2048, 129",
        "63, 70, 500",
        "1, 40000, 3",
        "1, 33, 4096"
    })
    void productsOfFewRowsAreWithinTheBound(int m, int k, int n) {
        double[][] x = Matrices.random(1, m, k, 1);
        double[][] weight = Matrices.random(2, n, k, 1);
        for (Tensor laid : List.of(packed(weight), CpuMatrices.of(memory, weight))) {
            Matrix result = CpuMatrices.filled(memory, m, n, Double.NaN);

            products.project(SITE, CpuMatrices.of(memory, x), laid, result);

            assertWithinBound(CpuMatrices.values(result), 0, x, weight, Right.TRANSPOSED);
        }
    }

    /** A panel of one weight has the extents of another weight: what was made ready for one must not read the other. */
    @Test
    void partsOfAWeightAreNotTakenForWeightsOfTheirSize() {
        double[][] x = Matrices.random(1, 1, 512, 1);
        for (int n : new int[] {1024, 256, 48, 512, 1040}) {
            double[][] weight = Matrices.random(n, n, 512, 1);
            Matrix result = CpuMatrices.filled(memory, 1, n, Double.NaN);

            products.project(SITE, CpuMatrices.of(memory, x), packed(weight), result);

            assertWithinBound(CpuMatrices.values(result), 0, x, weight, Right.TRANSPOSED);
        }
    }

    @Test
    void weightsThatLieRowByRowAreReadAsTheyAre() {
        double[][] x = Matrices.random(1, 70, 19, 1);
        double[][] weight = Matrices.random(2, 23, 19, 1);
        Matrix result = CpuMatrices.filled(memory, 70, 23, Double.NaN);

        products.project(SITE, CpuMatrices.of(memory, x), CpuMatrices.of(memory, weight), result);

        assertWithinBound(CpuMatrices.values(result), 0, x, weight, Right.TRANSPOSED);
    }

    /** Each buffer is used for every weight of its shape, so a second must not change the first. */
    @Test
    void weightsOfOneShapeDoNotShareMemory() {
        double[][] x = Matrices.random(1, 5, 17, 1);
        double[][] one = Matrices.random(2, 33, 17, 1);
        double[][] two = Matrices.random(3, 33, 17, 1);
        Matrix result = CpuMatrices.filled(memory, 5, 33, Double.NaN);
        try (TensorLoader loader = engine.loader(memory)) {
            Tensor first = loader.weight(33, 17, Matrices.rows(one));
            loader.weight(33, 17, Matrices.rows(two));

            products.project(SITE, CpuMatrices.of(memory, x), first, result);
        }
        assertWithinBound(CpuMatrices.values(result), 0, x, one, Right.TRANSPOSED);
    }

    @Test
    void aPackedWeightOfOtherExtentsIsRejected() {
        Tensor weight = packed(Matrices.random(1, 5, 4, 1));
        Matrix left = CpuMatrices.filled(memory, 2, 3, 1);
        Matrix result = CpuMatrices.filled(memory, 2, 5, 1);
        assertThatThrownBy(() -> products.project(SITE, left, weight, result))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers.3.ffn_up: extents do not fit: left 2×3, right 4×5, result 2×5");
    }

    @Test
    void nd4jRefusesPackedWeights() {
        Tensor weight = packed(Matrices.random(1, 5, 3, 1));
        Matrix left = CpuMatrices.filled(memory, 2, 3, 1);
        Matrix result = CpuMatrices.filled(memory, 2, 5, 1);
        assertThatThrownBy(() -> new Nd4jEngine(runtime.workers()).project(SITE, left, weight, result))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("layers.3.ffn_up: not a layout this engine reads");
    }

    /** Threads share what is made ready for a shape with nobody: each result is its own. */
    @Test
    void productsOnOneThreadEachDoNotDisturbEachOther() {
        int tasks = 40;
        ConcurrentMap<Long, double[][]> results = new ConcurrentHashMap<>();
        engine.eachOnOneThread(
                true, () -> runtime.workers().forTasks(tasks, (worker, task) -> results.put(task, product(task))));
        for (long task = 0; task < tasks; task++) {
            assertWithinBound(
                    Objects.requireNonNull(results.get(task)),
                    0,
                    Matrices.random(task, 80, 21, 1),
                    Matrices.random(-task, 30, 21, 1),
                    Right.TRANSPOSED);
        }
    }

    private double[][] product(long seed) {
        try (MatrixAllocator own = new MatrixAllocator(runtime)) {
            Matrix result = CpuMatrices.filled(own, 80, 30, Double.NaN);
            products.multiply(
                    SITE,
                    CpuMatrices.of(own, Matrices.random(seed, 80, 21, 1)),
                    CpuMatrices.of(own, Matrices.random(-seed, 30, 21, 1)),
                    Right.TRANSPOSED,
                    result);
            return CpuMatrices.values(result);
        }
    }

    private Tensor packed(double[][] values) {
        try (TensorLoader loader = engine.loader(memory)) {
            Tensor weight = loader.weight(values.length, values[0].length, Matrices.rows(values));
            assertThat(weight).isInstanceOf(PackedWeight.class);
            return weight;
        }
    }
}
