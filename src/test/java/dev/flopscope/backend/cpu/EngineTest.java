package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.Rounding;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.CpuMatrices;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Products of an engine against float64, with the bound of the BLAS testers: |C − Ĉ| ≤ γₖ·|A|·|B|, element by element. Every
 * engine must pass all of it.
 */
abstract class EngineTest {
    static final MatmulSite SITE = new MatmulSite(MatmulKind.FFN_UP, 3);
    private static final double UNTOUCHED = 12345;
    /** What results hold before, so that an element that is not overwritten, or is added to, shows. */
    private static final double POISON = Double.NaN;
    /** Rows and columns around a block. */
    private static final int MARGIN = 3;

    final Nd4jRuntime runtime = Nd4jRuntime.start(2);
    final MatrixAllocator memory = new MatrixAllocator(runtime);
    final ProductEngine engine = engine(runtime);
    final Products products = engine.products();

    /** The engine under test, on the runtime's threads. */
    abstract ProductEngine engine(Nd4jRuntime onRuntime);

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    static Stream<Arguments> extents() {
        Stream<Arguments> small =
                IntStream.range(0, 216).mapToObj(i -> Arguments.of(1 + i / 36, 1 + i / 6 % 6, 1 + i % 6));
        Stream<Arguments> large = Stream.of(
                Arguments.of(1, 257, 129),
                Arguments.of(129, 257, 1),
                Arguments.of(1, 1025, 1),
                Arguments.of(33, 1, 65),
                Arguments.of(67, 129, 131),
                Arguments.of(255, 63, 17),
                Arguments.of(128, 64, 128),
                Arguments.of(600, 40, 33),
                Arguments.of(259, 31, 5));
        return Stream.concat(small, large);
    }

    @ParameterizedTest
    @MethodSource("extents")
    void productsOfWholeMatricesAreWithinTheBound(int m, int k, int n) {
        double[][] a = Matrices.random(1, m, k, 1);
        for (Right rightIs : Right.values()) {
            double[][] b = rightOperand(k, n, rightIs);
            Matrix result = CpuMatrices.filled(memory, m, n, POISON);

            products.multiply(SITE, CpuMatrices.of(memory, a), CpuMatrices.of(memory, b), rightIs, result);

            assertWithinBound(CpuMatrices.values(result), 0, a, b, rightIs);
        }
    }

    /** Operands are blocks of wider matrices whose other elements are NaN: reading one would show in the result. */
    @ParameterizedTest
    @MethodSource("extents")
    void productsOfBlocksReadAndWriteNothingElse(int m, int k, int n) {
        double[][] a = Matrices.random(3, m, k, 1);
        for (Right rightIs : Right.values()) {
            double[][] b = rightOperand(k, n, rightIs);
            Matrix result = CpuMatrices.filled(memory, m + 2 * MARGIN, n + 2 * MARGIN, UNTOUCHED);
            double[][] poison = CpuMatrices.values(CpuMatrices.filled(memory, m, n, POISON));
            CpuMatrices.write(result, MARGIN, MARGIN, poison);

            products.multiply(SITE, block(a), block(b), rightIs, result.block(MARGIN, m, MARGIN, n));

            double[][] values = CpuMatrices.values(result);
            assertWithinBound(values, MARGIN, a, b, rightIs);
            assertUntouchedAround(values, m, n);
        }
    }

    /** Blocks of columns of one matrix, row by row without a gap between rows: how a head reads and writes. */
    @ParameterizedTest
    @EnumSource
    void aHeadsColumnsAreReadAndWrittenInPlace(Right rightIs) {
        int heads = 3;
        int d = 4;
        int tokens = 9;
        double[][] a = Matrices.random(5, tokens, tokens, 1);
        double[][] b = rightIs == Right.AS_IS ? Matrices.random(6, tokens, d, 1) : Matrices.random(6, d, tokens, 1);
        Matrix result = CpuMatrices.filled(memory, tokens, heads * d, UNTOUCHED);

        products.multiply(SITE, CpuMatrices.of(memory, a), block(b), rightIs, result.block(0, tokens, d, d));

        double[][] values = CpuMatrices.values(result);
        for (double[] row : values) {
            for (int column = 0; column < heads * d; column++) {
                boolean inHead = column / d == 1;
                assertThat(row[column] == UNTOUCHED).isEqualTo(!inHead);
            }
        }
    }

    @Test
    void theSameProductTwiceGivesTheSameBits() {
        Block a = CpuMatrices.of(memory, Matrices.random(1, 67, 129, 1));
        Block b = CpuMatrices.of(memory, Matrices.random(2, 131, 129, 1));
        Matrix first = CpuMatrices.filled(memory, 67, 131, 0);
        Matrix second = CpuMatrices.filled(memory, 67, 131, 7);

        products.multiply(SITE, a, b, Right.TRANSPOSED, first);
        products.multiply(SITE, a, b, Right.TRANSPOSED, second);

        assertThat(CpuMatrices.bits(second)).isDeepEqualTo(CpuMatrices.bits(first));
    }

    @Test
    void anInnerExtentThatDoesNotFitIsRejected() {
        assertThatThrownBy(() -> multiply(2, 3, 4, 5, Right.AS_IS, 2, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers.3.ffn_up: extents do not fit: left 2×3, right 4×5, result 2×5");
        assertThatThrownBy(() -> multiply(2, 3, 3, 5, Right.TRANSPOSED, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers.3.ffn_up: extents do not fit: left 2×3, right 5×3, result 2×3");
    }

    @Test
    void aResultOfOtherExtentsIsRejected() {
        assertThatThrownBy(() -> multiply(2, 3, 3, 5, Right.AS_IS, 3, 5)).hasMessageEndingWith("result 3×5");
        assertThatThrownBy(() -> multiply(2, 3, 3, 5, Right.AS_IS, 2, 4)).hasMessageEndingWith("result 2×4");
        assertThatThrownBy(() -> multiply(2, 3, 3, 5, Right.AS_IS, 5, 2)).hasMessageEndingWith("result 5×2");
        assertThatThrownBy(() -> multiply(2, 3, 5, 3, Right.TRANSPOSED, 2, 3)).hasMessageEndingWith("result 2×3");
    }

    @Test
    void aTensorOfAnotherBackendIsRejected() {
        Matrix square = CpuMatrices.filled(memory, 2, 2, 1);
        Tensor foreign = new Tensor() {
            @Override
            public long rows() {
                return 2;
            }

            @Override
            public long columns() {
                return 2;
            }

            @Override
            public String toString() {
                return "another's";
            }
        };
        assertThatThrownBy(() -> products.multiply(SITE, foreign, square, Right.AS_IS, square))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers.3.ffn_up: not a layout this engine reads: another's");
        assertThatThrownBy(() -> products.multiply(SITE, square, foreign, Right.AS_IS, square))
                .hasMessageEndingWith("another's");
        assertThatThrownBy(() -> products.project(SITE, square, foreign, square))
                .hasMessageEndingWith("another's");
        assertThatThrownBy(() -> products.multiply(SITE, square, square, Right.AS_IS, foreign))
                .hasMessageEndingWith("another's");
    }

    /** Whatever is made ready, and by whatever threads, what follows is right and needs nothing more. */
    @ParameterizedTest
    @MethodSource("extents")
    void whatWasPreparedNeedsNothingMoreAndIsRight(int m, int k, int n) {
        double[][] a = Matrices.random(1, m, k, 1);
        double[][] b = Matrices.random(2, n, k, 1);
        Matrix left = CpuMatrices.of(memory, a);
        Matrix right = CpuMatrices.of(memory, b);
        Matrix result = CpuMatrices.filled(memory, m, n, UNTOUCHED);
        Tensor weight;
        try (TensorLoader loader = engine.loader(memory)) {
            weight = loader.weight(n, k, Matrices.rows(b));
        }

        engine.prepare(preparing -> {
            preparing.multiply(SITE, left, right, Right.TRANSPOSED, result);
            preparing.project(SITE, left, weight, result);
            engine.eachOnOneThread(true, () -> preparing.multiply(SITE, left, right, Right.TRANSPOSED, result));
        });

        long prepared = engine.prepared();
        engine.eachOnOneThread(
                true,
                () -> runtime.workers().onEach(() -> {
                    synchronized (result) {
                        products.multiply(SITE, left, right, Right.TRANSPOSED, result);
                    }
                }));
        assertWithinBound(CpuMatrices.values(result), 0, a, b, Right.TRANSPOSED);
        products.multiply(SITE, left, right, Right.TRANSPOSED, result);
        products.project(SITE, left, weight, result);
        assertThat(engine.prepared()).isEqualTo(prepared);
        assertWithinBound(CpuMatrices.values(result), 0, a, b, Right.TRANSPOSED);
    }

    /** What a decoded token's attention multiplies: rows and columns of wider matrices, on one thread each. */
    @ParameterizedTest
    @MethodSource("extents")
    void productsOfBlocksOnOneThreadEachReadAndWriteNothingElse(int m, int k, int n) {
        for (boolean recurring : new boolean[] {true, false}) {
            engine.eachOnOneThread(recurring, () -> productsOfBlocksReadAndWriteNothingElse(m, k, n));
        }
    }

    /** The query heads of one token that share a key/value head are rows within its row. */
    @Test
    void rowsWithinARowAreAnOperand() {
        double[][] a = Matrices.random(1, 1, 20, 1);
        double[][] b = Matrices.random(2, 7, 4, 1);
        Matrix result = CpuMatrices.filled(memory, 3, 7, POISON);

        products.multiply(
                SITE,
                CpuMatrices.of(memory, a).rowsWithin(0, 5, 3, 4),
                CpuMatrices.of(memory, b),
                Right.TRANSPOSED,
                result);

        double[][] rows = new double[3][4];
        for (int row = 0; row < 3; row++) {
            System.arraycopy(a[0], 5 + 4 * row, rows[row], 0, 4);
        }
        assertWithinBound(CpuMatrices.values(result), 0, rows, b, Right.TRANSPOSED);
    }

    private void multiply(int m, int k, int rows, int columns, Right rightIs, int resultRows, int resultColumns) {
        products.multiply(
                SITE,
                CpuMatrices.filled(memory, m, k, 1),
                CpuMatrices.filled(memory, rows, columns, 1),
                rightIs,
                CpuMatrices.filled(memory, resultRows, resultColumns, 1));
    }

    private static double[][] rightOperand(int k, int n, Right rightIs) {
        return rightIs == Right.AS_IS ? Matrices.random(2, k, n, 1) : Matrices.random(2, n, k, 1);
    }

    /** {@code values} as a block inside a matrix of NaN. */
    private Block block(double[][] values) {
        int rows = values.length;
        int columns = values[0].length;
        Matrix around = CpuMatrices.filled(memory, rows + 2 * MARGIN, columns + 2 * MARGIN, Double.NaN);
        CpuMatrices.write(around, MARGIN, MARGIN, values);
        return around.block(MARGIN, rows, MARGIN, columns);
    }

    static void assertWithinBound(double[][] values, int margin, double[][] a, double[][] b, Right rightIs) {
        int k = a[0].length;
        int n = rightIs == Right.AS_IS ? b[0].length : b.length;
        for (int row = 0; row < a.length; row++) {
            for (int column = 0; column < n; column++) {
                double exact = 0;
                double magnitude = 0;
                for (int inner = 0; inner < k; inner++) {
                    double term = a[row][inner] * (rightIs == Right.AS_IS ? b[inner][column] : b[column][inner]);
                    exact += term;
                    magnitude += Math.abs(term);
                }
                assertThat(values[margin + row][margin + column])
                        .as("row %d, column %d", row, column)
                        .isCloseTo(exact, within(Rounding.gamma(k) * magnitude));
            }
        }
    }

    private static void assertUntouchedAround(double[][] values, int m, int n) {
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[row].length; column++) {
                boolean inside = row >= MARGIN && row < MARGIN + m && column >= MARGIN && column < MARGIN + n;
                if (!inside) {
                    assertThat(values[row][column])
                            .as("row %d, column %d, outside the block", row, column)
                            .isEqualTo(UNTOUCHED);
                }
            }
        }
    }
}
