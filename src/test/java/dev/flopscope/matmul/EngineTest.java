package dev.flopscope.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.Rounding;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    final Matmul matmul = engine(runtime);

    /** The engine under test, on the runtime's threads. */
    abstract Matmul engine(Nd4jRuntime runtime);

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
            Matrix result = Matrices.filled(memory, m, n, POISON);

            matmul.multiply(
                    SITE, Matrices.of(memory, a).array(), Matrices.of(memory, b).array(), rightIs, result.array());

            assertWithinBound(Matrices.values(result), 0, a, b, rightIs);
        }
    }

    /** Operands are blocks of wider matrices whose other elements are NaN: reading one would show in the result. */
    @ParameterizedTest
    @MethodSource("extents")
    void productsOfBlocksReadAndWriteNothingElse(int m, int k, int n) {
        double[][] a = Matrices.random(3, m, k, 1);
        for (Right rightIs : Right.values()) {
            double[][] b = rightOperand(k, n, rightIs);
            Matrix result = Matrices.filled(memory, m + 2 * MARGIN, n + 2 * MARGIN, UNTOUCHED);
            double[][] poison = Matrices.values(Matrices.filled(memory, m, n, POISON));
            Matrices.write(result, MARGIN, MARGIN, poison);

            matmul.multiply(SITE, block(a), block(b), rightIs, result.block(MARGIN, m, MARGIN, n));

            double[][] values = Matrices.values(result);
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
        Matrix result = Matrices.filled(memory, tokens, heads * d, UNTOUCHED);

        matmul.multiply(SITE, Matrices.of(memory, a).array(), block(b), rightIs, result.block(0, tokens, d, d));

        double[][] values = Matrices.values(result);
        for (double[] row : values) {
            for (int column = 0; column < heads * d; column++) {
                boolean inHead = column / d == 1;
                assertThat(row[column] == UNTOUCHED).isEqualTo(!inHead);
            }
        }
    }

    @Test
    void theSameProductTwiceGivesTheSameBits() {
        INDArray a = Matrices.of(memory, Matrices.random(1, 67, 129, 1)).array();
        INDArray b = Matrices.of(memory, Matrices.random(2, 131, 129, 1)).array();
        Matrix first = Matrices.filled(memory, 67, 131, 0);
        Matrix second = Matrices.filled(memory, 67, 131, 7);

        matmul.multiply(SITE, a, b, Right.TRANSPOSED, first.array());
        matmul.multiply(SITE, a, b, Right.TRANSPOSED, second.array());

        assertThat(Matrices.bits(second)).isDeepEqualTo(Matrices.bits(first));
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
    void operandsOfAnotherRankAreRejected() {
        try (INDArray square = Nd4j.ones(4, 4);
                INDArray cube = Nd4j.ones(4, 4, 4);
                INDArray vector = Nd4j.ones(4)) {
            assertThatThrownBy(() -> matmul.multiply(SITE, cube, square, Right.AS_IS, square))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("layers.3.ffn_up: operands must have rank 2: ranks 3, 2, 2");
            assertThatThrownBy(() -> matmul.multiply(SITE, square, vector, Right.AS_IS, square))
                    .hasMessageEndingWith("ranks 2, 1, 2");
            assertThatThrownBy(() -> matmul.multiply(SITE, square, square, Right.AS_IS, cube))
                    .hasMessageEndingWith("ranks 2, 2, 3");
        }
    }

    private void multiply(int m, int k, int rows, int columns, Right rightIs, int resultRows, int resultColumns) {
        matmul.multiply(
                SITE,
                Matrices.filled(memory, m, k, 1).array(),
                Matrices.filled(memory, rows, columns, 1).array(),
                rightIs,
                Matrices.filled(memory, resultRows, resultColumns, 1).array());
    }

    private static double[][] rightOperand(int k, int n, Right rightIs) {
        return rightIs == Right.AS_IS ? Matrices.random(2, k, n, 1) : Matrices.random(2, n, k, 1);
    }

    /** {@code values} as a block inside a matrix of NaN. */
    private INDArray block(double[][] values) {
        int rows = values.length;
        int columns = values[0].length;
        Matrix around = Matrices.filled(memory, rows + 2 * MARGIN, columns + 2 * MARGIN, Double.NaN);
        Matrices.write(around, MARGIN, MARGIN, values);
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
