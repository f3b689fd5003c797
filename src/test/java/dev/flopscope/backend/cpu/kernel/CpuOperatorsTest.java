package dev.flopscope.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.Rounding;
import dev.flopscope.backend.cpu.memory.CpuMatrices;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.config.Activation;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators against float64; each bound counts the rounded operations on the way to a result. */
class CpuOperatorsTest {
    private static final int ROWS = 11;

    private final Nd4jRuntime runtime = Nd4jRuntime.start(3);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);
    private final CpuOperators operators = new CpuOperators(runtime.workers(), new JavaElementwise());

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @Test
    void embeddingCopiesTheRowOfEachToken() {
        double[][] table = Matrices.random(1, 5, 7, 1);
        Matrix stream = CpuMatrices.filled(memory, 6, 7, 9);

        operators.gather(CpuMatrices.of(memory, table), new int[] {4, 0, 4, 2, 1, 3}, stream);

        assertThat(CpuMatrices.values(stream))
                .isDeepEqualTo(new double[][] {table[4], table[0], table[4], table[2], table[1], table[3]});
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5})
    void aTokenOutsideTheVocabularyIsAnError(int token) {
        Matrix table = CpuMatrices.filled(memory, 5, 7, 1);
        Matrix stream = CpuMatrices.filled(memory, 1, 7, 9);
        assertThatThrownBy(() -> operators.gather(table, new int[] {token}, stream))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("row " + token);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 16, 33, 1600})
    void rmsNormDividesByTheRootOfTheMeanSquare(int columns) {
        for (double magnitude : new double[] {1e-3, 1, 1e6}) {
            double[][] x = Matrices.random(1, ROWS, columns, magnitude);
            double[][] gain = Matrices.random(2, 1, columns, 2);
            double epsilon = 1e-5;
            Matrix output = CpuMatrices.filled(memory, ROWS, columns, Double.NaN);

            operators.rmsNorm(CpuMatrices.of(memory, x), CpuMatrices.of(memory, gain), epsilon, output);

            double[][] y = CpuMatrices.values(output);
            for (int row = 0; row < ROWS; row++) {
                double squares = 0;
                for (double value : x[row]) {
                    squares += value * value;
                }
                for (int i = 0; i < columns; i++) {
                    double exact = x[row][i] * gain[0][i] / Math.sqrt(squares / columns + epsilon);
                    // The sum of squares at most columns + 4 deep, then a cast and two products.
                    assertThat(y[row][i]).isCloseTo(exact, within(Rounding.gamma(columns + 7) * Math.abs(exact)));
                }
            }
        }
    }

    @Test
    void rmsNormOfZerosIsZero() {
        Matrix zeros = CpuMatrices.filled(memory, 2, 9, 0);
        operators.rmsNorm(zeros, CpuMatrices.filled(memory, 1, 9, 3), 1e-5, zeros);
        assertThat(CpuMatrices.values(zeros)).isDeepEqualTo(new double[2][9]);
    }

    @Test
    void rmsNormInPlaceGivesTheSameBits() {
        Matrix input = CpuMatrices.of(memory, Matrices.random(1, ROWS, 13, 1));
        Matrix gain = CpuMatrices.of(memory, Matrices.random(2, 1, 13, 2));
        Matrix output = memory.allocate(ROWS, 13);

        operators.rmsNorm(input, gain, 1e-5, output);
        operators.rmsNorm(input, gain, 1e-5, input);

        assertThat(CpuMatrices.bits(input)).isDeepEqualTo(CpuMatrices.bits(output));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 15, 17, 33, 100})
    void causalSoftmaxIsTheSoftmaxOfWhatCameBefore(int tokens) {
        double[][] scores = Matrices.random(1, tokens, tokens, 4);
        Matrix matrix = CpuMatrices.of(memory, scores);

        operators.maskedSoftmax(matrix, 0, OnlineSoftmax.NO_WINDOW, Sinks.NONE);

        double[][] weights = CpuMatrices.values(matrix);
        for (int t = 0; t < tokens; t++) {
            assertRowIsSoftmax(weights[t], scores[t], t);
        }
    }

    private static void assertRowIsSoftmax(double[] weights, double[] scores, int t) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= t; i++) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        double range = 0;
        for (int i = 0; i <= t; i++) {
            sum += Math.exp(scores[i] - max);
            range = Math.max(range, max - scores[i]);
        }
        // Arguments are a rounding off, above and below the bar; exponentials three; then a sum, a reciprocal, a
        // product.
        double relative = Math.expm1(2 * Rounding.gamma(1) * range + Rounding.gamma(t + 12));
        double total = 0;
        for (int i = 0; i <= t; i++) {
            double exact = Math.exp(scores[i] - max) / sum;
            assertThat(weights[i]).isCloseTo(exact, within(relative * exact));
            total += weights[i];
        }
        assertThat(total).isCloseTo(1, within(Rounding.gamma(t + 6)));
        for (int i = t + 1; i < weights.length; i++) {
            assertThat(weights[i]).isZero();
        }
    }

    @Test
    void aSinkTakesItsShareOfEveryRow() {
        for (float sink : new float[] {-3000, -2, 0, 5, 3000}) {
            double[][] scores = Matrices.random(1, 6, 6, 4);
            Matrix matrix = CpuMatrices.of(memory, scores);

            operators.maskedSoftmax(matrix, 0, OnlineSoftmax.NO_WINDOW, sink);

            double[][] weights = CpuMatrices.values(matrix);
            for (int row = 0; row < 6; row++) {
                double max = Math.max(
                        sink, Arrays.stream(scores[row], 0, row + 1).max().orElseThrow());
                double sum = Math.exp(sink - max);
                for (int i = 0; i <= row; i++) {
                    sum += Math.exp(scores[row][i] - max);
                }
                for (int i = 0; i < 6; i++) {
                    double exact = i > row ? 0 : Math.exp(scores[row][i] - max) / sum;
                    assertThat(weights[row][i]).as("sink %f", sink).isCloseTo(exact, within(1e-6));
                }
            }
        }
    }

    /** Later chunks and windows: what a row keeps is a softmax of its own, and what it does not is zero and never read. */
    @Test
    void aWindowOrAChunkKeepsTheSoftmaxOfWhatItShows() {
        for (int queries = 1; queries <= 4; queries++) {
            for (int past = 0; past <= 5; past++) {
                for (int window = 1; window <= queries + past + 1; window++) {
                    double[][] scores = Matrices.random(past, queries, past + queries, 4);
                    double[][] masked = Matrices.constant(queries, past + queries, Double.NaN);
                    for (int row = 0; row < queries; row++) {
                        int hidden = Math.max(0, past + row + 1 - window);
                        System.arraycopy(scores[row], hidden, masked[row], hidden, past + row + 1 - hidden);
                    }
                    Matrix matrix = CpuMatrices.of(memory, masked);

                    operators.maskedSoftmax(matrix, past, window, Sinks.NONE);

                    assertRowsAreSoftmaxOfWindows(CpuMatrices.values(matrix), scores, past, window);
                }
            }
        }
    }

    private static void assertRowsAreSoftmaxOfWindows(double[][] weights, double[][] scores, int past, int window) {
        for (int row = 0; row < scores.length; row++) {
            int end = past + row + 1;
            int hidden = Math.max(0, end - window);
            double[] shown = Arrays.copyOfRange(scores[row], hidden, end);
            assertRowIsSoftmax(Arrays.copyOfRange(weights[row], hidden, end), shown, shown.length - 1);
            for (int column = 0; column < weights[row].length; column++) {
                if (column < hidden || column >= end) {
                    assertThat(weights[row][column]).isZero();
                }
            }
        }
    }

    @Test
    void hugeScoresGiveFiniteWeights() {
        Matrix scores = CpuMatrices.of(memory, new double[][] {{1e38, 0, 0}, {-3e38, 3e38, 0}, {-1e38, -1e38, -1e38}});

        operators.maskedSoftmax(scores, 0, OnlineSoftmax.NO_WINDOW, Sinks.NONE);

        double[][] weights = CpuMatrices.values(scores);
        assertThat(weights[0]).containsExactly(1, 0, 0);
        assertThat(weights[1][0]).isBetween(0.0, 2e-38); // the exponential is clamped at its smallest normal result
        assertThat(weights[1][1]).isEqualTo(1);
        assertThat(weights[2]).containsOnly((double) (1f / 3f));
    }

    /** A masked score is never read: not even one that is not a number shows. */
    @Test
    void maskedScoresAreIgnored() {
        double nan = Double.NaN;
        Matrix scores = CpuMatrices.of(memory, new double[][] {{5, nan, nan}, {5, 5, nan}, {5, 5, 5}});
        operators.maskedSoftmax(scores, 0, OnlineSoftmax.NO_WINDOW, Sinks.NONE);
        double third = 1f / 3f;
        assertThat(CpuMatrices.values(scores))
                .isDeepEqualTo(new double[][] {{1, 0, 0}, {0.5, 0.5, 0}, {third, third, third}});
    }

    @Test
    void aScoreThatIsNotANumberShowsInItsWholeRow() {
        for (int place = 0; place < 3; place++) {
            double[][] values = new double[3][3];
            values[2][place] = Double.NaN;
            Matrix scores = CpuMatrices.of(memory, values);
            operators.maskedSoftmax(scores, 0, OnlineSoftmax.NO_WINDOW, Sinks.NONE);
            assertThat(CpuMatrices.values(scores)[2]).containsOnly(Double.NaN);
            assertThat(CpuMatrices.values(scores)[1]).containsExactly(0.5, 0.5, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 31})
    void swiGluGatesUpBySiluOfGate(int columns) {
        for (double magnitude : new double[] {0.01, 1, 80}) {
            double[][] gate = Matrices.random(1, ROWS, columns, magnitude);
            double[][] up = Matrices.random(2, ROWS, columns, 3);
            Matrix result = CpuMatrices.of(memory, gate);

            operators.gate(Activation.SILU, result, CpuMatrices.of(memory, up));

            double[][] values = CpuMatrices.values(result);
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < columns; i++) {
                    double exact = gate[row][i] / (1 + Math.exp(-gate[row][i])) * up[row][i];
                    // Three roundings in the exponential, then a sum, a quotient and a product.
                    assertThat(values[row][i]).isCloseTo(exact, within(Rounding.gamma(6) * Math.abs(exact)));
                }
            }
        }
    }

    @Test
    void swiGluOfLargeGatesIsNothingOrTheGateItself() {
        Matrix gate = CpuMatrices.of(memory, new double[][] {{-1e4, -200, 0, 200, 1e4}});
        operators.gate(Activation.SILU, gate, CpuMatrices.filled(memory, 1, 5, 2));
        double[] values = CpuMatrices.values(gate)[0];
        assertThat(values[0]).isBetween(-1e-33, 0.0);
        assertThat(values[1]).isBetween(-1e-35, 0.0);
        assertThat(values[2]).isZero();
        assertThat(values[3]).isEqualTo(400);
        assertThat(values[4]).isEqualTo(2e4);
    }

    /** Rows enough for several blocks on each thread. */
    @Test
    void aGateIsItsActivationTimesUpWhateverTheActivation() {
        double[][] gate = Matrices.random(1, 300, 1000, 3);
        double[][] up = Matrices.random(2, 300, 1000, 3);
        for (Activation activation : Activation.values()) {
            Matrix gated = CpuMatrices.of(memory, gate);
            Matrix activated = CpuMatrices.of(memory, gate);

            operators.gate(activation, gated, CpuMatrices.of(memory, up));
            operators.activate(activation, activated);

            double[][] values = CpuMatrices.values(gated);
            double[][] factors = CpuMatrices.values(activated);
            for (int row = 0; row < gate.length; row++) {
                for (int i = 0; i < gate[row].length; i++) {
                    if (values[row][i] != (float) (factors[row][i] * up[row][i])) {
                        throw new AssertionError(activation + " at row " + row + ", column " + i);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 31})
    void geluIsGpt2sTanhForm(int columns) {
        for (double magnitude : new double[] {0.01, 1, 5}) {
            double[][] x = Matrices.random(1, ROWS, columns, magnitude);
            Matrix result = CpuMatrices.of(memory, x);

            operators.activate(Activation.GELU_TANH, result);

            double[][] values = CpuMatrices.values(result);
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < columns; i++) {
                    assertIsGelu(values[row][i], x[row][i]);
                }
            }
        }
    }

    private static void assertIsGelu(double value, double x) {
        double argument = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        // x/2·(1 + tanh) loses its digits for negative x, in float64 too; this is the same function.
        double exact = x / (1 + Math.exp(-2 * argument));
        double textbook = 0.5 * x * (1 + Math.tanh(argument));
        assertThat(exact).isCloseTo(textbook, within(Math.abs(x) * 1e-15));
        // Five roundings in the argument, three in the exponential, then a sum and a quotient.
        double relative = Math.expm1(2 * Math.abs(argument) * Rounding.gamma(5)) + Rounding.gamma(5);
        assertThat(value).isCloseTo(exact, within(relative * Math.abs(exact)));
    }

    @Test
    void geluOfLargeArgumentsIsNothingOrTheArgumentItself() {
        Matrix matrix = CpuMatrices.of(memory, new double[][] {{-0x1p50, -1e4, -30, 0, 30, 1e4, 0x1p50}});
        operators.activate(Activation.GELU_TANH, matrix);
        double[] values = CpuMatrices.values(matrix)[0];
        assertThat(values[0]).isBetween(-1e-22, 0.0);
        assertThat(values[1]).isBetween(-1e-33, 0.0);
        assertThat(values[2]).isBetween(-1e-35, 0.0);
        assertThat(values[3]).isZero();
        assertThat(values[4]).isEqualTo(30);
        assertThat(values[5]).isEqualTo(1e4);
        assertThat(values[6]).isEqualTo(0x1p50);
    }

    @Test
    void addingRoundsEachSumOnce() {
        for (int columns = 1; columns <= 20; columns++) {
            double[][] stream = Matrices.random(1, ROWS, columns, 1);
            double[][] update = Matrices.random(2, ROWS, columns, 1e-3);
            Matrix sum = CpuMatrices.of(memory, stream);
            Matrix added = CpuMatrices.of(memory, update);

            operators.add(sum, added);

            double[][] values = CpuMatrices.values(sum);
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < columns; i++) {
                    assertThat(values[row][i]).isEqualTo((float) (stream[row][i] + update[row][i]));
                }
            }
            assertThat(CpuMatrices.values(added)).isDeepEqualTo(update);
        }
    }

    @Test
    void resultsDoNotDependOnTheNumberOfThreads() {
        assertThat(everythingWith(1)).isDeepEqualTo(everythingWith(3));
    }

    private int[][] everythingWith(int threads) {
        try (Nd4jRuntime other = Nd4jRuntime.start(threads)) {
            CpuOperators these = new CpuOperators(other.workers(), new JavaElementwise());
            Matrix matrix = CpuMatrices.of(memory, Matrices.random(1, 37, 37, 2));
            these.rmsNorm(matrix, CpuMatrices.of(memory, Matrices.random(2, 1, 37, 2)), 1e-5, matrix);
            these.gate(Activation.SILU, matrix, CpuMatrices.of(memory, Matrices.random(3, 37, 37, 2)));
            these.activate(Activation.GELU_TANH, matrix);
            these.gate(Activation.GELU_TANH, matrix, CpuMatrices.of(memory, Matrices.random(5, 37, 37, 2)));
            these.add(matrix, CpuMatrices.of(memory, Matrices.random(4, 37, 37, 2)));
            these.maskedSoftmax(matrix, 0, OnlineSoftmax.NO_WINDOW, Sinks.NONE);
            return CpuMatrices.bits(matrix);
        }
    }
}
