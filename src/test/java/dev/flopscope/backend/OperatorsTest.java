package dev.flopscope.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;
import dev.flopscope.witness.BoundedMatrix;
import dev.flopscope.witness.ReferenceOperators;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What lies between products, each against a double loop; every bound counts the rounded operations on the way to a result. */
final class OperatorsTest extends BackendSuite {
    private static final int ROWS = 11;

    private static final int[] WIDTHS = {1, 2, 7, 8, 9, 16, 33, 129};

    /**
     * Libraries may approximate an exponential to 2⁻²⁰, where the reference allows it three roundings of 2⁻²⁴; then all bounds
     * that are a few roundings wide grow by up to this.
     */
    private static final double OTHER_EXPONENTIALS = 4;

    OperatorsTest(Backends.Kind kind) {
        super(kind);
    }

    @Test
    void gatheringCopiesTheRowsOfATable() {
        double[][] values = Matrices.random(1, 5, 7, 1);
        for (Tensor from : new Tensor[] {table(values), tensor(values)}) {
            Tensor result = poison(6, 7);

            backend.operators().gather(from, new int[] {4, 0, 4, 2, 1, 3}, result);

            assertThat(values(result))
                    .isDeepEqualTo(new double[][] {values[4], values[0], values[4], values[2], values[1], values[3]});
            assertThat(values(from)).isDeepEqualTo(values);
        }
    }

    @Test
    void aRowOutsideTheTableIsAnError() {
        Tensor table = table(Matrices.constant(5, 7, 1));
        Tensor result = poison(1, 7);
        for (int row : new int[] {-1, 5}) {
            assertThatThrownBy(() -> backend.operators().gather(table, new int[] {row}, result))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("row " + row);
        }
    }

    @Test
    void rmsNormDividesByTheRootOfTheMeanSquare() {
        for (int columns : WIDTHS) {
            for (double magnitude : new double[] {1e-3, 1, 1e6}) {
                double[][] x = Matrices.random(1, ROWS, columns, magnitude);
                double[][] gain = Matrices.random(2, 1, columns, 2);
                Tensor output = poison(ROWS, columns);
                Tensor input = tensor(x);

                backend.operators().rmsNorm(input, table(gain), 1e-5, output);

                BoundedMatrix expected = ReferenceOperators.rmsNorm(BoundedMatrix.exact(x), gain[0], 1e-5);
                assertWithin(expected, output, 1, columns + " columns of " + magnitude);
                assertThat(values(input)).isDeepEqualTo(x);
                backend.operators().rmsNorm(input, table(gain), 1e-5, input);
                assertThat(Matrices.bits(backend, input)).isDeepEqualTo(Matrices.bits(backend, output));
            }
        }
    }

    @Test
    void rmsNormOfZerosIsZero() {
        Tensor zeros = memory.zeros(2, 9);
        backend.operators().rmsNorm(zeros, table(Matrices.constant(1, 9, 3)), 1e-5, zeros);
        assertThat(values(zeros)).isDeepEqualTo(new double[2][9]);
    }

    /** Two sequences, whose rows stand at the positions after those that are cached. */
    @Test
    void everyPairIsTurnedByItsPositionTimesItsFrequencyAndScaled() {
        for (int d : new int[] {2, 4, 6, 10, 64}) {
            for (int past : new int[] {0, 1, 5}) {
                for (float scale : new float[] {1, (float) (1 / Math.sqrt(d))}) {
                    int queries = 7;
                    double[][] x = Matrices.random(d, 2 * queries, 3 * d, 1);
                    Tensor matrix = tensor(x);

                    backend.operators()
                            .rotate(
                                    matrix,
                                    backend.rotary(12, d, ReferenceOperators.frequencies(d, 500), 1),
                                    new Chunk(2, queries, past),
                                    scale);

                    assertWithin(
                            ReferenceOperators.rotated(BoundedMatrix.exact(x), queries, past, d, 500, scale),
                            matrix,
                            1,
                            "d " + d + ", past " + past + ", scale " + scale);
                }
            }
        }
    }

    @Test
    void valuesAreCappedSoftly() {
        for (double cap : new double[] {0.5, 30}) {
            double[][] x = Matrices.random(4, 7, 37, 3 * cap);
            Tensor matrix = tensor(x);
            backend.operators().softCap(matrix, cap);
            assertWithin(ReferenceOperators.softCapped(BoundedMatrix.exact(x), cap), matrix, 1, "cap " + cap);
        }
        Tensor extreme = tensor(new double[][] {{-1e30, -1e4, 0, 1e4, 1e30}});
        backend.operators().softCap(extreme, 50);
        assertWithin(BoundedMatrix.exact(new double[][] {{-50, -50, 0, 50, 50}}), extreme, 1, "far beyond the cap");
    }

    @Test
    void theFirstPositionIsNotTurned() {
        double[][] x = Matrices.random(1, 3, 12, 1);
        Tensor matrix = tensor(x);
        backend.operators()
                .rotate(
                        matrix,
                        backend.rotary(1, 6, ReferenceOperators.frequencies(6, 10_000), 1),
                        new Chunk(3, 1, 0),
                        1);
        assertThat(values(matrix)).isDeepEqualTo(x);
    }

    /** The same query and key at every position: their score must depend on how far apart they are alone. */
    @Test
    void scoresDependOnRelativePositionOnly() {
        int tokens = 20;
        int d = 6;
        double[][] query = turned(Matrices.random(1, 1, d, 1)[0], tokens);
        double[][] key = turned(Matrices.random(2, 1, d, 1)[0], tokens);
        double bound = 1e-5;
        for (int distance = 0; distance < tokens; distance++) {
            double score = dot(query[distance], key[0]);
            for (int position = 0; position + distance < tokens; position++) {
                assertThat(Math.abs(dot(query[position + distance], key[position]) - score))
                        .isLessThan(bound);
            }
        }
        assertThat(Math.abs(dot(query[1], key[0]) - dot(query[0], key[0])))
                .as("another distance gives another score")
                .isGreaterThan(100 * bound);
    }

    private double[][] turned(double[] row, int tokens) {
        double[][] rows = new double[tokens][];
        Arrays.setAll(rows, token -> row.clone());
        Tensor matrix = tensor(rows);
        backend.operators()
                .rotate(
                        matrix,
                        backend.rotary(tokens, row.length, ReferenceOperators.frequencies(row.length, 10_000), 1),
                        new Chunk(1, tokens, 0),
                        1);
        return values(matrix);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void activationsAreTheirFormulas() {
        for (int columns : WIDTHS) {
            for (double magnitude : new double[] {0.01, 1, 5}) {
                double[][] x = Matrices.random(1, ROWS, columns, magnitude);
                Tensor silu = tensor(x);
                backend.operators().activate(Activation.SILU, silu);
                String where = columns + " columns of " + magnitude;
                assertWithin(
                        ReferenceOperators.silu(BoundedMatrix.exact(x)), silu, OTHER_EXPONENTIALS, "silu, " + where);
                Tensor gelu = tensor(x);
                backend.operators().activate(Activation.GELU_TANH, gelu);
                assertWithin(
                        ReferenceOperators.gelu(BoundedMatrix.exact(x)), gelu, OTHER_EXPONENTIALS, "gelu, " + where);
                Tensor quick = tensor(x);
                backend.operators().activate(Activation.QUICK_GELU, quick);
                assertWithin(
                        ReferenceOperators.quickGelu(BoundedMatrix.exact(x)),
                        quick,
                        OTHER_EXPONENTIALS,
                        "quick gelu, " + where);
            }
        }
    }

    @Test
    void largeArgumentsBecomeNothingOrThemselves() {
        Tensor silu = tensor(new double[][] {{-1e4, -200, 0, 200, 1e4}});
        backend.operators().activate(Activation.SILU, silu);
        assertBetween(values(silu)[0], new double[] {-1e-33, -1e-33, 0, 200, 1e4}, new double[] {0, 0, 0, 200, 1e4});
        Tensor gelu = tensor(new double[][] {{-1e4, -30, 0, 30, 1e4}});
        backend.operators().activate(Activation.GELU_TANH, gelu);
        assertBetween(values(gelu)[0], new double[] {-1e-33, -1e-35, 0, 30, 1e4}, new double[] {0, 0, 0, 30, 1e4});
    }

    private static void assertBetween(double[] values, double[] low, double[] high) {
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("element %d", i).isBetween(low[i], high[i]);
        }
    }

    @Test
    void whatIsNotANumberStaysNotANumber() {
        for (Activation activation : Activation.values()) {
            Tensor matrix = tensor(new double[][] {{1, Double.NaN, 2}});
            backend.operators().activate(activation, matrix);
            assertThat(values(matrix)[0][1]).as("%s", activation).isNaN();
            assertThat(values(matrix)[0][2]).as("%s", activation).isFinite();
        }
    }

    @Test
    void aGateMultipliesWhatItLetsThrough() {
        for (int columns : WIDTHS) {
            double[][] x = Matrices.random(1, ROWS, columns, 4);
            double[][] y = Matrices.random(2, ROWS, columns, 3);
            Tensor gate = tensor(x);
            Tensor up = tensor(y);

            backend.operators().gate(Activation.SILU, gate, up);

            BoundedMatrix opened = ReferenceOperators.silu(BoundedMatrix.exact(x));
            assertWithin(
                    ReferenceOperators.times(opened, BoundedMatrix.exact(y)),
                    gate,
                    OTHER_EXPONENTIALS,
                    columns + " columns");
            assertThat(values(up)).isDeepEqualTo(y);
            Tensor gelu = tensor(x);
            backend.operators().gate(Activation.GELU_TANH, gelu, up);
            assertWithin(
                    ReferenceOperators.times(ReferenceOperators.gelu(BoundedMatrix.exact(x)), BoundedMatrix.exact(y)),
                    gelu,
                    OTHER_EXPONENTIALS,
                    columns + " columns with gelu");
        }
    }

    @Test
    void aLimitCutsTheGateAboveAndItsFactorOnBothSides() {
        double nan = Double.NaN;
        Tensor gate = tensor(new double[][] {{-1e9, -7, 0.5, 7, 7.5, 1e9, nan}, {1, 2, 3, 4, 5, 6, 8}});
        Tensor up = tensor(new double[][] {{1e9, 7, 0.5, -7, -7.5, -1e9, nan}, {8, 6, 5, 4, 3, 2, 1}});

        backend.operators().limitGate(gate, up, 7);

        assertThat(values(gate)[0]).containsExactly(-1e9, -7, 0.5, 7, 7, 7, nan);
        assertThat(values(gate)[1]).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(values(up)[0]).containsExactly(8, 8, 1.5, -6, -6, -6, nan);
        assertThat(values(up)[1]).containsExactly(8, 7, 6, 5, 4, 3, 2);
    }

    @Test
    void addingRoundsEachSumAtMostOnce() {
        for (int columns : WIDTHS) {
            double[][] stream = Matrices.random(1, ROWS, columns, 1);
            double[][] update = Matrices.random(2, ROWS, columns, 1e-3);
            Tensor sum = tensor(stream);
            Tensor added = tensor(update);

            backend.operators().add(sum, added);

            double[][] values = values(sum);
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < columns; i++) {
                    assertThat(values[row][i]).isEqualTo((float) (stream[row][i] + update[row][i]));
                }
            }
            assertThat(values(added)).isDeepEqualTo(update);
        }
    }

    /** Rows of one matrix are shared out among threads; a view of fewer rows must leave the others alone. */
    @Test
    void operatorsOnAViewLeaveTheRestAlone() {
        Tensor whole = tensor(Matrices.constant(8, 6, 1));
        Tensor view = backend.view(whole, 5, 6);
        Tensor ones = tensor(Matrices.constant(5, 6, 1));

        backend.operators().add(view, ones);
        backend.operators().gate(Activation.SILU, view, ones);
        backend.operators().activate(Activation.GELU_TANH, view);
        backend.operators().rmsNorm(view, table(Matrices.constant(1, 6, 2)), 1e-5, view);
        backend.operators()
                .rotate(
                        view,
                        backend.rotary(5, 6, ReferenceOperators.frequencies(6, 10_000), 1),
                        new Chunk(1, 5, 0),
                        1);

        double[][] values = values(whole);
        assertThat(values[0][0]).isNotEqualTo(1);
        for (int row = 5; row < 8; row++) {
            assertThat(values[row]).as("row %d", row).containsOnly(1);
        }
    }
}
