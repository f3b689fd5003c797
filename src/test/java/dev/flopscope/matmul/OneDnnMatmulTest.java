package dev.flopscope.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.onednn.OneDnn;
import dev.flopscope.onednn.PackedWeight;
import dev.flopscope.onednn.PackingLayout;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OneDnnMatmulTest extends EngineTest {
    private final OneDnn library = new OneDnn();

    @Override
    Matmul engine(Nd4jRuntime runtime) {
        return new OneDnnMatmul(new OneDnn(), runtime.workers());
    }

    /** The elements that fill packed blocks up are there, and must not show. */
    @ParameterizedTest
    @MethodSource("extents")
    void productsWithPackedWeightsAreWithinTheBound(int m, int k, int n) {
        double[][] x = Matrices.random(1, m, k, 1);
        double[][] weight = Matrices.random(2, n, k, 1);
        Matrix result = Matrices.filled(memory, m, n, Double.NaN);

        matmul.project(SITE, Matrices.of(memory, x).array(), packed(weight), result.array());

        assertWithinBound(Matrices.values(result), 0, x, weight, Right.TRANSPOSED);
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
        for (Weight laid : List.of(packed(weight), Matrices.of(memory, weight))) {
            Matrix result = Matrices.filled(memory, m, n, Double.NaN);

            matmul.project(SITE, Matrices.of(memory, x).array(), laid, result.array());

            assertWithinBound(Matrices.values(result), 0, x, weight, Right.TRANSPOSED);
        }
    }

    /** A panel of one weight has the extents of another weight: what was made ready for one must not read the other. */
    @Test
    void partsOfAWeightAreNotTakenForWeightsOfTheirSize() {
        double[][] x = Matrices.random(1, 1, 512, 1);
        for (int n : new int[] {1024, 256, 48, 512, 1040}) {
            double[][] weight = Matrices.random(n, n, 512, 1);
            Matrix result = Matrices.filled(memory, 1, n, Double.NaN);

            matmul.project(SITE, Matrices.of(memory, x).array(), packed(weight), result.array());

            assertWithinBound(Matrices.values(result), 0, x, weight, Right.TRANSPOSED);
        }
    }

    /** What a decoded token's attention multiplies: rows and columns of wider matrices, on one thread each. */
    @ParameterizedTest
    @MethodSource("extents")
    void productsOfBlocksSideBySideReadAndWriteNothingElse(int m, int k, int n) {
        matmul.sideBySide(2, () -> productsOfBlocksReadAndWriteNothingElse(m, k, n));
    }

    @Test
    void weightsThatLieRowByRowAreReadAsTheyAre() {
        double[][] x = Matrices.random(1, 70, 19, 1);
        double[][] weight = Matrices.random(2, 23, 19, 1);
        Matrix result = Matrices.filled(memory, 70, 23, Double.NaN);

        matmul.project(SITE, Matrices.of(memory, x).array(), Matrices.of(memory, weight), result.array());

        assertWithinBound(Matrices.values(result), 0, x, weight, Right.TRANSPOSED);
    }

    /** Each buffer is used for every weight of its shape, so a second must not change the first. */
    @Test
    void weightsOfOneShapeDoNotShareMemory() {
        double[][] x = Matrices.random(1, 5, 17, 1);
        double[][] one = Matrices.random(2, 33, 17, 1);
        double[][] two = Matrices.random(3, 33, 17, 1);
        Matrix result = Matrices.filled(memory, 5, 33, Double.NaN);
        try (WeightLayout layout = new PackingLayout(library, memory, new MatrixAllocator(runtime))) {
            Weight first = layout.lay(33, 17, matrix -> Matrices.write(matrix, 0, 0, one));
            layout.lay(33, 17, matrix -> Matrices.write(matrix, 0, 0, two));

            matmul.project(SITE, Matrices.of(memory, x).array(), first, result.array());
        }
        assertWithinBound(Matrices.values(result), 0, x, one, Right.TRANSPOSED);
    }

    @Test
    void aPackedWeightOfOtherExtentsIsRejected() {
        Weight weight = packed(Matrices.random(1, 5, 4, 1));
        Matrix left = Matrices.filled(memory, 2, 3, 1);
        Matrix result = Matrices.filled(memory, 2, 5, 1);
        assertThatThrownBy(() -> matmul.project(SITE, left.array(), weight, result.array()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers.3.ffn_up: extents do not fit: left 2×3, right 4×5, result 2×5");
    }

    @Test
    void nd4jRefusesPackedWeights() {
        Weight weight = packed(Matrices.random(1, 5, 3, 1));
        Matrix left = Matrices.filled(memory, 2, 3, 1);
        Matrix result = Matrices.filled(memory, 2, 5, 1);
        assertThatThrownBy(() -> new Nd4jMatmul().project(SITE, left.array(), weight, result.array()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("layers.3.ffn_up: not a layout this engine reads");
    }

    /** Threads share what is made ready for a shape with nobody: each result is its own. */
    @Test
    void productsSideBySideDoNotDisturbEachOther() {
        int tasks = 40;
        ConcurrentMap<Long, double[][]> results = new ConcurrentHashMap<>();
        matmul.sideBySide(
                runtime.workers().threads(),
                () -> runtime.workers().forTasks(tasks, (worker, task) -> results.put(task, product(task))));
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
            Matrix result = Matrices.filled(own, 80, 30, Double.NaN);
            matmul.multiply(
                    SITE,
                    Matrices.of(own, Matrices.random(seed, 80, 21, 1)).array(),
                    Matrices.of(own, Matrices.random(-seed, 30, 21, 1)).array(),
                    Right.TRANSPOSED,
                    result.array());
            return Matrices.values(result);
        }
    }

    private Weight packed(double[][] values) {
        try (WeightLayout layout = new PackingLayout(library, memory, new MatrixAllocator(runtime))) {
            Weight weight = layout.lay(values.length, values[0].length, matrix -> Matrices.write(matrix, 0, 0, values));
            assertThat(weight).isInstanceOf(PackedWeight.class);
            return weight;
        }
    }
}
