package dev.flopscope.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.backend.cpu.memory.CpuMatrices;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.backend.cpu.onednn.OneDnn;
import dev.flopscope.backend.cpu.onednn.OneDnnElementwise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention's output by tiles against softmax in float64, for scores that need their maximum and scores that do not. */
class OnlineSoftmaxTest {
    private static final int HEAD_DIM = 3;
    private static final int QUERIES = 6;
    private static final int KEYS = 17;

    private final Nd4jRuntime runtime = Nd4jRuntime.start(1);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    static Stream<Arguments> scores() {
        List<Arguments> all = new ArrayList<>();
        for (int keyTile : new int[] {1, 4, 5, 17, 32}) {
            for (double magnitude : new double[] {0.1, 5, 60, 3000}) {
                for (double offset : new double[] {0, -70, 70, -2000, 2000}) {
                    for (double slope : new double[] {0, 9, -9, 40, -40}) {
                        all.add(Arguments.of(keyTile, magnitude, offset, slope));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("scores")
    void outputsAreThoseOfSoftmaxWhateverTheRangeOfScores(int keyTile, double magnitude, double offset, double slope) {
        double[][] scores = Matrices.random(1, QUERIES, KEYS, magnitude);
        for (double[] row : scores) {
            for (int key = 0; key < KEYS; key++) {
                row[key] = (float) (row[key] + offset + slope * key);
            }
        }
        double[][] values = Matrices.random(2, KEYS, HEAD_DIM, 1);
        for (Elementwise way : List.of(new JavaElementwise(), new OneDnnElementwise(new OneDnn()))) {
            assertSoftmaxWithSinks(scores, values, keyTile, way);
            for (int window : new int[] {OnlineSoftmax.NO_WINDOW, 1, 2, 6, 14}) {
                assertSoftmax(scores, values, keyTile, window, Sinks.NONE, way);
            }
        }
    }

    /** Sinks far below all scores, among them, and far above. */
    private void assertSoftmaxWithSinks(double[][] scores, double[][] values, int keyTile, Elementwise way) {
        for (float sink : new float[] {-2500, -80, -3, 0, 3, 80, 2500}) {
            assertSoftmax(scores, values, keyTile, OnlineSoftmax.NO_WINDOW, sink, way);
            assertSoftmax(scores, values, keyTile, 2, sink, way);
        }
    }

    private void assertSoftmax(
            double[][] scores, double[][] values, int keyTile, int window, float sink, Elementwise way) {
        double[][] outputs = outputs(scores, values, keyTile, window, sink, way);
        for (int query = 0; query < QUERIES; query++) {
            for (int i = 0; i < HEAD_DIM; i++) {
                // Exponentials to 2⁻²⁰, sums and products of 17 terms, twice scaled by decays.
                assertThat(outputs[query][i])
                        .as("window %d, sink %f, query %d, column %d", window, sink, query, i)
                        .isCloseTo(exact(scores[query], values, query, window, sink, i), within(1e-5));
            }
        }
    }

    /** Query q sees keys up to q + 8, as many as the window shows. */
    private static double exact(double[] scores, double[][] values, int query, int window, double sink, int column) {
        double max = sink;
        for (int key = hidden(query, window); key < visible(query); key++) {
            max = Math.max(max, scores[key]);
        }
        double sum = Math.exp(sink - max);
        double output = 0;
        for (int key = hidden(query, window); key < visible(query); key++) {
            double weight = Math.exp(scores[key] - max);
            sum += weight;
            output += weight * values[key][column];
        }
        return output / sum;
    }

    private static int visible(int query) {
        return Math.min(KEYS, query + 9);
    }

    private static int hidden(int query, int window) {
        return Math.max(0, query + 9 - window);
    }

    private double[][] outputs(
            double[][] scores, double[][] values, int keyTile, int window, float sink, Elementwise way) {
        OnlineSoftmax softmax = new OnlineSoftmax(QUERIES, keyTile, HEAD_DIM, way);
        Matrix weights = CpuMatrices.filled(memory, QUERIES, keyTile, Double.NaN);
        softmax.begin(HEAD_DIM);
        for (int query = 0; query < QUERIES; query++) {
            softmax.sink(query, sink);
        }
        for (int start = 0; start < KEYS; start += keyTile) {
            int keys = Math.min(keyTile, KEYS - start);
            Matrix tile = CpuMatrices.filled(memory, QUERIES, keyTile, Double.NaN);
            CpuMatrices.write(tile, 0, 0, columns(scores, window, start, keys));
            softmax.weigh(tile, weights, QUERIES, keys, visible(0) - start, window);
            double[][] weighted = product(CpuMatrices.values(weights), values, start, keys);
            softmax.accumulate(CpuMatrices.of(memory, weighted), QUERIES);
        }
        Matrix result = CpuMatrices.filled(memory, QUERIES, HEAD_DIM, Double.NaN);
        softmax.finish(result, 0, 0, QUERIES, false);
        return CpuMatrices.values(result);
    }

    /** A tile of scores; what the mask or the window hides is not a number, and must not show. */
    private static double[][] columns(double[][] scores, int window, int start, int count) {
        double[][] block = new double[scores.length][count];
        for (int row = 0; row < scores.length; row++) {
            for (int key = 0; key < count; key++) {
                boolean seen = start + key >= hidden(row, window) && start + key < visible(row);
                block[row][key] = seen ? scores[row][start + key] : Double.NaN;
            }
        }
        return block;
    }

    private static double[][] product(double[][] weights, double[][] values, int start, int keys) {
        double[][] result = new double[QUERIES][HEAD_DIM];
        for (int query = 0; query < QUERIES; query++) {
            for (int key = 0; key < keys; key++) {
                for (int i = 0; i < HEAD_DIM; i++) {
                    result[query][i] += weights[query][key] * values[start + key][i];
                }
            }
        }
        return result;
    }
}
