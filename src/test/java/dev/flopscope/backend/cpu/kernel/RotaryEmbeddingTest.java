package dev.flopscope.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.Rounding;
import dev.flopscope.backend.cpu.memory.CpuMatrices;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.config.Chunk;
import dev.flopscope.witness.ReferenceOperators;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotaryEmbeddingTest {
    private static final int TOKENS = 50;
    private static final int HEADS = 3;
    /** A turned element is two products and a sum with a rounded table of cosines. */
    private static final double TURN = Rounding.gamma(3);

    private final Nd4jRuntime runtime = Nd4jRuntime.start(2);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);
    private final CpuOperators operators = new CpuOperators(runtime.workers(), new JavaElementwise());

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 10, 64})
    void everyPairIsTurnedByPositionTimesItsFrequency(int d) {
        double theta = 500;
        double[][] x = Matrices.random(1, 2 * TOKENS, HEADS * d, 1); // two sequences
        double[][] turned = rotated(x, d, theta);
        for (int row = 0; row < x.length; row++) {
            int position = row % TOKENS;
            for (int column = 0; column < HEADS * d; column++) {
                int pair = column % d % (d / 2);
                boolean first = column % d < d / 2;
                double angle = position / Math.pow(theta, 2.0 * pair / d);
                double partner = x[row][first ? column + d / 2 : column - d / 2];
                double along = x[row][column] * Math.cos(angle);
                double across = partner * Math.sin(angle);
                assertThat(turned[row][column])
                        .isCloseTo(
                                first ? along - across : along + across,
                                within(TURN * (Math.abs(along) + Math.abs(across)) + 1e-12));
            }
        }
    }

    @Test
    void theFirstPositionIsNotTurned() {
        double[][] x = Matrices.random(1, TOKENS, HEADS * 6, 1);
        assertThat(rotated(x, 6, 10_000)[0]).isEqualTo(x[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 64})
    void turningKeepsTheNormOfEveryPair(int d) {
        double[][] x = Matrices.random(1, TOKENS, HEADS * d, 1);
        double[][] turned = rotated(x, d, 10_000);
        for (int row = 0; row < TOKENS; row++) {
            for (int head = 0; head < HEADS; head++) {
                for (int pair = head * d; pair < head * d + d / 2; pair++) {
                    double before = Math.hypot(x[row][pair], x[row][pair + d / 2]);
                    double after = Math.hypot(turned[row][pair], turned[row][pair + d / 2]);
                    // Each element is off by at most TURN·√2·norm, so the pair by √2 times that.
                    assertThat(after).isCloseTo(before, within(2 * TURN * before));
                }
            }
        }
    }

    /** The same query and key at every position: their score must depend on how far apart they are alone. */
    @ParameterizedTest
    @ValueSource(ints = {2, 6, 64})
    void scoresDependOnRelativePositionOnly(int d) {
        double[][] query = rotated(repeated(Matrices.random(1, 1, d, 1)[0]), d, 10_000);
        double[][] key = rotated(repeated(Matrices.random(2, 1, d, 1)[0]), d, 10_000);
        double norms = Math.sqrt(dot(query[0], query[0]) * dot(key[0], key[0]));
        // Both vectors are off by at most 2·TURN of their norms, and so is the score they are compared with.
        double bound = 2 * (4 * TURN + 4 * TURN * TURN) * norms;
        for (int distance = 0; distance < TOKENS; distance++) {
            double score = dot(query[distance], key[0]);
            for (int position = 0; position + distance < TOKENS; position++) {
                assertThat(dot(query[position + distance], key[position])).isCloseTo(score, within(bound));
            }
        }
        assertThat(Math.abs(dot(query[1], key[0]) - dot(query[0], key[0])))
                .as("another distance gives another score")
                .isGreaterThan(bound);
    }

    private double[][] rotated(double[][] x, int d, double theta) {
        Matrix matrix = CpuMatrices.of(memory, x);
        RotaryEmbedding rotary = new RotaryEmbedding(TOKENS, d, ReferenceOperators.frequencies(d, theta), 1);
        assertThat(rotary.positions()).isEqualTo(TOKENS);
        operators.rotate(matrix, rotary, new Chunk(1, TOKENS, 0), 1);
        return CpuMatrices.values(matrix);
    }

    private static double[][] repeated(double[] row) {
        double[][] rows = new double[TOKENS][];
        for (int token = 0; token < TOKENS; token++) {
            rows[token] = row.clone();
        }
        return rows;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
