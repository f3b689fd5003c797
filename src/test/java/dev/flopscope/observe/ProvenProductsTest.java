package dev.flopscope.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.config.Engine;
import dev.flopscope.count.MatmulSite;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is proven of single products whose extents are no multiples of anything. */
final class ProvenProductsTest {
    private static final MatmulSite SITE = MatmulSite.lmHead();
    private static final int M = 41;
    private static final int K = 131;
    private static final int N = 1100;

    private CpuBackend backend = CpuBackend.start(Engine.OPENBLAS, 2);
    private Allocator memory = backend.allocator();
    private SummedWeights sums = new SummedWeights();

    @BeforeEach
    void start() {
        sums = new SummedWeights();
    }

    @AfterEach
    void close() {
        memory.close();
        backend.close();
    }

    /** Random rows of both signs, as large as {@code scale}. */
    private static RowSource rows(long seed, double scale) {
        return (row, values) -> {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + row);
            for (int column = 0; column < values.length; column++) {
                values[column] = (float) (scale * (2 * random.nextDouble() - 1));
            }
        };
    }

    private Tensor matrix(long seed, int rows, int columns, double scale) {
        Tensor made = memory.zeros(rows, columns);
        float[] row = new float[columns];
        for (int number = 0; number < rows; number++) {
            rows(seed, scale).fill(number, row);
            Matrix.of(made).writeRow(number, row, columns);
        }
        return made;
    }

    private Tensor weight(double scale) {
        try (TensorLoader loader = sums.watching(backend.loader(memory))) {
            return loader.weight(N, K, rows(2, scale));
        }
    }

    private Tensor transposedWeight(double scale) {
        try (TensorLoader loader = sums.watching(backend.loader(memory))) {
            return loader.transposedWeight(N, K, rows(2, scale));
        }
    }

    private static void spoil(Tensor result, int row, int column, double factor) {
        Matrix matrix = Matrix.of(result);
        float[] entries = new float[matrix.width()];
        matrix.readRow(row, entries, entries.length);
        entries[column] += (float) factor;
        matrix.writeRow(row, entries, entries.length);
    }

    /** Squares of numbers below 1e-19 are not normal, and below 4e-23 nothing: their products still have roundings. */
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1e-20, 1",
        "1, 1e-20",
        "1e-22, 1e-3",
        "1e-24, 1",
        "1, 1e-24",
        "1e-30, 1e-3",
        "1e-20, 1e-20",
        "1e15, 1e3"
    })
    void soundProductsHoldHoweverSmallOrLargeTheyAre(double left, double right) {
        for (double share : new double[] {1, 0.5}) {
            ProvenProducts proven = new ProvenProducts(backend.products(), backend.operands(), sums, 7, share);
            proven.project(SITE, matrix(1, M, K, left), weight(right), memory.zeros(M, N));
            proven.project(SITE, matrix(1, M, K, left), transposedWeight(right), memory.zeros(M, N));
            proven.multiply(SITE, matrix(1, M, K, left), matrix(3, N, K, right), Right.TRANSPOSED, memory.zeros(M, N));
            proven.multiply(SITE, matrix(1, M, K, left), matrix(3, K, N, right), Right.AS_IS, memory.zeros(M, N));

            assertThat(proven.proof().failures()).isEmpty();
            assertThat(proven.proof().products()).isEqualTo(4);
            assertThat(proven.proof().unproven()).isZero();
        }
    }

    /** In the last row, which is in a group of its own, and beyond the columns of the first stretch. */
    @ParameterizedTest
    @CsvSource({"0, 0", "40, 1099", "17, 511", "17, 512", "39, 1024"})
    void oneWrongEntryIsNoticedWhereverItIsIfAllRowsAreChecked(int row, int column) {
        double typical = Math.sqrt(K) / 3;
        Products wrong = new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                backend.products().multiply(site, left, right, rightIs, result);
                spoil(result, row, column, typical / 10);
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                backend.products().project(site, left, weight, result);
                spoil(result, row, column, typical / 10);
            }
        };
        ProvenProducts proven = new ProvenProducts(wrong, backend.operands(), sums, 7, 1);
        proven.project(SITE, matrix(1, M, K, 1), weight(1), memory.zeros(M, N));
        proven.project(SITE, matrix(1, M, K, 1), transposedWeight(1), memory.zeros(M, N));
        proven.multiply(SITE, matrix(1, M, K, 1), matrix(3, N, K, 1), Right.TRANSPOSED, memory.zeros(M, N));
        proven.multiply(SITE, matrix(1, M, K, 1), matrix(3, K, N, 1), Right.AS_IS, memory.zeros(M, N));

        assertThat(proven.proof().failed()).isEqualTo(4);
        // 4,096 entries in a sum: eight rows of a stretch of 512 columns.
        String place = "rows " + row / 8 * 8 + " to " + Math.min(M - 1, row / 8 * 8 + 7) + ", columns "
                + column / 512 * 512 + " to " + Math.min(N - 1, column / 512 * 512 + 511);
        assertThat(proven.proof().failures())
                .hasSize(4)
                .allMatch(line -> line.startsWith("lm_head: not proven in " + place));
    }

    /** 11 groups of rows, of which 6 are checked. */
    @Test
    void oneWrongEntryIsNoticedWithTheProbabilityThatItsRowIsChecked() {
        Tensor left = matrix(1, M, K, 1);
        Tensor weight = weight(1);
        Tensor result = memory.zeros(M, N);
        Products wrong = new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor a, Tensor b, Right rightIs, Tensor c) {
                throw new IllegalStateException("no such product is asked for");
            }

            @Override
            public void project(MatmulSite site, Tensor a, Tensor b, Tensor c) {
                backend.products().project(site, a, b, c);
                spoil(c, 23, 700, 1);
            }
        };
        int noticed = 0;
        for (int seed = 0; seed < 1000; seed++) {
            ProvenProducts proven = new ProvenProducts(wrong, backend.operands(), sums, seed, 0.5);
            proven.project(SITE, left, weight, result);
            noticed += proven.proof().holds() ? 0 : 1;
        }
        // 545 are expected, with a standard deviation of 16.
        assertThat(noticed).isBetween(480, 610);
    }

    /** Where a product has one sum, which may vanish by chance, as much is visible as elsewhere. */
    @Test
    void visibleIsWhatATypicalEntrySays() {
        Tensor left = matrix(1, 16, K, 1);
        Tensor right = matrix(3, 64, K, 1);
        Tensor result = memory.zeros(16, 64);
        for (int seed = 0; seed < 200; seed++) {
            ProvenProducts proven = new ProvenProducts(backend.products(), backend.operands(), sums, seed, 1);
            proven.multiply(SITE, left, right, Right.TRANSPOSED, result);
            // 2·8·2⁻²⁴·√(K + 76)·√(16·K/3)·√(2·64·K/3) of √K/3, since the mean square of the numbers is 1/3: 0.0071,
            // if B·r is as long as B.
            assertThat(proven.proof().visible()).as("seed %d", seed).isBetween(0.006, 0.009);
        }
    }

    @Test
    void aRightOperandIsReadOnceUntilTheNextProjection() {
        Tensor left = matrix(1, M, K, 1);
        Tensor right = matrix(3, N, K, 1);
        Tensor result = memory.zeros(M, N);
        AtomicInteger reads = new AtomicInteger();
        OperandReader counting = new OperandReader() {
            @Override
            public boolean isReadable(Tensor tensor) {
                return backend.operands().isReadable(tensor);
            }

            @Override
            public void read(Tensor tensor, long first, int rows, int firstColumn, int columns, float[][] pieces) {
                reads.addAndGet(tensor == right ? rows : 0);
                backend.operands().read(tensor, first, rows, firstColumn, columns, pieces);
            }

            @Override
            public void share(long tasks, LongConsumer task) {
                backend.operands().share(tasks, task);
            }
        };
        ProvenProducts proven = new ProvenProducts(backend.products(), counting, sums, 7, 1);
        proven.multiply(SITE, left, right, Right.TRANSPOSED, result);
        proven.multiply(SITE, left, right, Right.TRANSPOSED, result);
        assertThat(reads).hasValue(N);

        Tensor others = matrix(4, N, K, 1);
        float[] row = new float[K];
        for (int number = 0; number < N; number++) {
            Matrix.of(others).readRow(number, row, K);
            Matrix.of(right).writeRow(number, row, K);
        }
        proven.project(SITE, left, weight(1), result);
        proven.multiply(SITE, left, right, Right.TRANSPOSED, result);
        assertThat(reads).hasValue(2 * N);
        assertThat(proven.proof().failures()).isEmpty();
    }
}
