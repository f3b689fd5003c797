package dev.flopscope.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.witness.BoundedMatrix;
import dev.flopscope.witness.ReferenceOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Products against float64, with the bound of the BLAS testers: |C − Ĉ| ≤ γₖ·|A|·|B|, element by element. */
final class ProductsTest extends BackendSuite {
    /** Extents that fill no block, and some that fill many. */
    private static final int[][] LARGE = {
        {1, 257, 129},
        {129, 257, 1},
        {1, 1025, 1},
        {33, 1, 65},
        {67, 129, 131},
        {255, 63, 17},
        {128, 64, 128},
        {600, 40, 33},
        {259, 31, 5},
        {1, 300, 1000},
        {2, 257, 641},
        {63, 70, 500},
        {1, 33, 2048}
    };

    ProductsTest(Backends.Kind kind) {
        super(kind);
    }

    @Test
    void smallProductsOfAllExtentsAreWithinTheBound() {
        for (int m = 1; m <= 6; m++) {
            for (int k = 1; k <= 6; k++) {
                for (int n = 1; n <= 6; n++) {
                    assertProducts(m, k, n);
                }
            }
            memory.close();
        }
    }

    @Test
    void largeProductsAreWithinTheBound() {
        for (int[] extents : LARGE) {
            assertProducts(extents[0], extents[1], extents[2]);
            memory.close();
        }
    }

    private Tensor transposedWeight(double[][] columns) {
        try (TensorLoader loader = backend.loader(memory)) {
            return loader.transposedWeight(columns[0].length, columns.length, Matrices.rows(columns));
        }
    }

    /** The right operand as it is, transposed, as a weight in its own layout, and as a table. */
    private void assertProducts(int m, int k, int n) {
        double[][] a = Matrices.random(1, m, k, 1);
        double[][] b = Matrices.random(2, k, n, 1);
        BoundedMatrix transposed = BoundedMatrix.exact(b).transposed();
        BoundedMatrix expected = ReferenceOperators.product(BoundedMatrix.exact(a), BoundedMatrix.exact(b));
        String extents = m + "×" + k + "×" + n;
        Tensor left = tensor(a);
        Products products = backend.products();

        Tensor result = poison(m, n);
        products.multiply(SITE, left, tensor(b), Right.AS_IS, result);
        assertWithin(expected, result, 1, extents + " as it is");
        result = poison(m, n);
        products.multiply(SITE, left, tensor(transposed.values), Right.TRANSPOSED, result);
        assertWithin(expected, result, 1, extents + " transposed");
        result = poison(m, n);
        products.project(SITE, left, weight(transposed.values), result);
        assertWithin(expected, result, 1, extents + " with a weight");
        result = poison(m, n);
        products.project(SITE, left, transposedWeight(b), result);
        assertWithin(expected, result, 1, extents + " with a weight whose columns were given");
        result = poison(m, n);
        products.project(SITE, left, table(transposed.values), result);
        assertWithin(expected, result, 1, extents + " with a table");
    }

    /** Many rows of activations and a weight are split among threads in another way than few rows are. */
    @Test
    void aWeightIsReadByAnyNumberOfRows() {
        double[][] values = Matrices.random(3, 96, 40, 1);
        Tensor weight = weight(values);
        for (int m : new int[] {1, 2, 3, 7, 64, 200}) {
            double[][] a = Matrices.random(m, m, 40, 1);
            Tensor result = poison(m, 96);
            backend.products().project(SITE, tensor(a), weight, result);
            assertWithin(
                    ReferenceOperators.product(
                            BoundedMatrix.exact(a), BoundedMatrix.exact(values).transposed()),
                    result,
                    1,
                    m + " rows");
        }
    }

    /** A buffer is used for weights of one shape, so a second must not change the first. */
    @Test
    void weightsOfOneShapeDoNotShareMemory() {
        double[][] x = Matrices.random(1, 5, 17, 1);
        double[][] one = Matrices.random(2, 33, 17, 1);
        Tensor first;
        try (TensorLoader loader = backend.loader(memory)) {
            first = loader.weight(33, 17, Matrices.rows(one));
            loader.weight(33, 17, Matrices.rows(Matrices.random(3, 33, 17, 1)));
        }
        Tensor result = poison(5, 33);

        backend.products().project(SITE, tensor(x), first, result);

        assertWithin(
                ReferenceOperators.product(
                        BoundedMatrix.exact(x), BoundedMatrix.exact(one).transposed()),
                result,
                1,
                "the first weight");
    }

    /** Layouts may depend on how wide a weight is, also where buffers for its rows do not. */
    @Test
    void oneLoaderMakesWeightsOfAnyNumberOfRows() {
        double[][] x = Matrices.random(1, 3, 300, 1);
        int[] heights = {1, 5, 16, 17, 33, 48, 64, 65, 500, 1};
        List<Tensor> weights = new ArrayList<>();
        try (TensorLoader loader = backend.loader(memory)) {
            for (int n : heights) {
                weights.add(loader.weight(n, 300, Matrices.rows(Matrices.random(n, n, 300, 1))));
            }
        }
        for (int i = 0; i < heights.length; i++) {
            int n = heights[i];
            Tensor result = poison(3, n);
            backend.products().project(SITE, tensor(x), weights.get(i), result);
            assertWithin(
                    ReferenceOperators.product(
                            BoundedMatrix.exact(x),
                            BoundedMatrix.exact(Matrices.random(n, n, 300, 1)).transposed()),
                    result,
                    1,
                    n + " rows of a weight");
        }
    }

    @Test
    void theSameProductTwiceGivesTheSameBits() {
        Tensor a = tensor(Matrices.random(1, 67, 129, 1));
        Tensor b = tensor(Matrices.random(2, 131, 129, 1));
        Tensor first = poison(67, 131);
        Tensor second = Matrices.filled(backend, memory, 67, 131, 7);

        backend.products().multiply(SITE, a, b, Right.TRANSPOSED, first);
        backend.products().multiply(SITE, a, b, Right.TRANSPOSED, second);

        assertThat(Matrices.bits(backend, second)).isDeepEqualTo(Matrices.bits(backend, first));
    }

    @Test
    void extentsThatDoNotFitAreRefusedByNameOfTheSite() {
        assertRefused(2, 3, 4, 5, Right.AS_IS, 2, 5, "left 2×3, right 4×5, result 2×5");
        assertRefused(2, 3, 3, 5, Right.TRANSPOSED, 2, 3, "result 2×3");
        assertRefused(2, 3, 3, 5, Right.AS_IS, 3, 5, "result 3×5");
        assertRefused(2, 3, 3, 5, Right.AS_IS, 2, 4, "result 2×4");
        assertRefused(2, 3, 3, 5, Right.AS_IS, 5, 2, "result 5×2");
        assertRefused(2, 3, 5, 3, Right.TRANSPOSED, 2, 3, "result 2×3");
    }

    private void assertRefused(
            int m, int k, int rows, int columns, Right rightIs, int resultRows, int resultColumns, String extents) {
        Tensor left = tensor(Matrices.constant(m, k, 1));
        Tensor right = tensor(Matrices.constant(rows, columns, 1));
        Tensor result = Matrices.filled(backend, memory, resultRows, resultColumns, 9);
        assertThatThrownBy(() -> backend.products().multiply(SITE, left, right, rightIs, result))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("layers.3.ffn_up: extents do not fit: ")
                .hasMessageEndingWith(extents);
        assertThat(values(result)[0]).as("nothing was written").containsOnly(9);
    }

    @Test
    void aWeightOfOtherExtentsIsRefusedByNameOfTheSite() {
        Tensor left = tensor(Matrices.constant(2, 3, 1));
        Tensor result = poison(2, 5);
        for (Tensor right : List.of(weight(Matrices.constant(5, 4, 1)), table(Matrices.constant(5, 4, 1)))) {
            assertThatThrownBy(() -> backend.products().project(SITE, left, right, result))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("layers.3.ffn_up: extents do not fit: left 2×3, ")
                    .hasMessageEndingWith("result 2×5");
        }
        Tensor fitting = weight(Matrices.constant(5, 3, 1));
        Tensor narrow = poison(2, 4);
        assertThatThrownBy(() -> backend.products().project(SITE, left, fitting, narrow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("layers.3.ffn_up: ");
    }

    @Test
    void preparationChangesNoOperandAndNoProduct() {
        double[][] a = Matrices.random(1, 9, 33, 1);
        double[][] b = Matrices.random(2, 33, 20, 1);
        BoundedMatrix expected = ReferenceOperators.product(BoundedMatrix.exact(a), BoundedMatrix.exact(b));
        Tensor left = tensor(a);
        Tensor right = tensor(b);
        Tensor transposed = tensor(BoundedMatrix.exact(b).transposed().values);
        Tensor weight = weight(BoundedMatrix.exact(b).transposed().values);
        Tensor result = Matrices.filled(backend, memory, 9, 20, 7);

        backend.prepare(preparing -> {
            preparing.multiply(SITE, left, right, Right.AS_IS, result);
            preparing.multiply(SITE, left, transposed, Right.TRANSPOSED, result);
            preparing.project(SITE, left, weight, result);
        });

        assertThat(values(left)).isDeepEqualTo(a);
        backend.products().multiply(SITE, left, right, Right.AS_IS, result);
        assertWithin(expected, result, 1, "as it is");
        backend.products().project(SITE, left, weight, result);
        assertWithin(expected, result, 1, "with a weight");
    }

    /** Threads that are not the backend's own may multiply, and disturb nobody. */
    @Test
    void severalThreadsMultiplyAtOnce() throws Exception {
        int tasks = 24;
        List<Tensor[]> operands = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            operands.add(new Tensor[] {
                tensor(Matrices.random(task, 40, 21, 1)), tensor(Matrices.random(-task, 30, 21, 1)), poison(40, 30)
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (Tensor[] task : operands) {
                ends.add(pool.submit(
                        () -> backend.products().multiply(SITE, task[0], task[1], Right.TRANSPOSED, task[2])));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            pool.shutdown();
        }
        for (int task = 0; task < tasks; task++) {
            BoundedMatrix expected = ReferenceOperators.product(
                    BoundedMatrix.exact(Matrices.random(task, 40, 21, 1)),
                    BoundedMatrix.exact(Matrices.random(-task, 30, 21, 1)).transposed());
            assertWithin(expected, operands.get(task)[2], 1, "task " + task);
        }
    }
}
