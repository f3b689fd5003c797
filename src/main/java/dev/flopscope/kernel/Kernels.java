package dev.flopscope.kernel;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * Everything that happens between products, over whole matrices, rows shared among threads.
 *
 * <p>None of these is a matrix product, and none is counted.
 */
public final class Kernels {
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBIC = 0.044715;

    /** Bytes of rows that go through two kernels one after the other, so that the second finds them in cache. */
    private static final long BLOCK_BYTES = 128 << 10;

    private final Workers workers;
    private final Elementwise elementwise;

    /** Kernels that run on {@code workers} and take exponentials by {@code elementwise}. */
    public Kernels(Workers workers, Elementwise elementwise) {
        this.workers = workers;
        this.elementwise = elementwise;
    }

    /**
     * Token embedding: row r of {@code stream} becomes row {@code tokens[r]} of {@code embedding}.
     *
     * @param embedding (V, D)
     * @param tokens B·T ids
     * @param stream (B·T, D); overwritten
     */
    public void embed(Matrix embedding, int[] tokens, Matrix stream) {
        int columns = stream.columns();
        workers.forRows(tokens.length, (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                embedding.readRow(tokens[(int) r], row, columns);
                stream.writeRow(r, row, columns);
            }
        });
    }

    /**
     * RMSNorm (Zhang and Sennrich 2019): y = x / √(mean(x²) + ε) · g, row by row.
     *
     * @param input (rows, D)
     * @param gain (1, D)
     * @param epsilon ε
     * @param output (rows, D); overwritten, may be {@code input}
     */
    public void rmsNorm(Matrix input, Matrix gain, double epsilon, Matrix output) {
        int columns = input.columns();
        float[] g = new float[columns];
        gain.readRow(0, g, columns);
        workers.forRows(input.rows(), (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                input.readRow(r, row, columns);
                float scale =
                        (float) (1 / Math.sqrt((double) FloatRows.sumOfSquares(row, columns) / columns + epsilon));
                for (int i = 0; i < columns; i++) {
                    row[i] = row[i] * scale * g[i];
                }
                output.writeRow(r, row, columns);
            }
        });
    }

    /**
     * Softmax under the causal mask: row t keeps columns 0 to t and has zeros after them.
     *
     * @param scores (T, T); overwritten with weights whose rows sum to 1
     */
    public void causalSoftmax(Matrix scores) {
        int columns = scores.columns();
        workers.forRows(scores.rows(), (from, to) -> {
            float[] row = new float[columns];
            float[] scratch = new float[columns];
            for (long t = from; t < to; t++) {
                int kept = (int) t + 1;
                scores.readRow(t, row, kept);
                float max = FloatRows.max(row, kept);
                for (int i = 0; i < kept; i++) {
                    row[i] -= max;
                }
                FloatRows.exp(row, scratch, kept);
                float norm = 1 / FloatRows.sum(row, kept);
                for (int i = 0; i < kept; i++) {
                    row[i] *= norm;
                }
                Arrays.fill(row, kept, columns, 0f);
                scores.writeRow(t, row, columns);
            }
        });
    }

    /**
     * SwiGLU's gate: silu(gate) · up, with silu(x) = x / (1 + exp(−x)).
     *
     * @param gate (rows, F); overwritten with the result
     * @param up (rows, F)
     */
    public void swiGlu(Matrix gate, Matrix up) {
        int columns = gate.columns();
        long rows = Math.max(1, BLOCK_BYTES / ((long) columns * Float.BYTES));
        workers.forRows(gate.rows(), (from, to) -> {
            float[] g = new float[columns];
            float[] u = new float[columns];
            for (long first = from; first < to; first += rows) {
                long end = Math.min(to, first + rows);
                elementwise.silu(gate, first, end);
                for (long r = first; r < end; r++) {
                    gate.readRow(r, g, columns);
                    up.readRow(r, u, columns);
                    for (int i = 0; i < columns; i++) {
                        g[i] *= u[i];
                    }
                    gate.writeRow(r, g, columns);
                }
            }
        });
    }

    /**
     * GELU in GPT-2's tanh form (Hendrycks and Gimpel 2016): x/2·(1 + tanh(√(2/π)(x + 0.044715·x³))), computed as
     * x / (1 + exp(−2·√(2/π)(x + 0.044715·x³))), which is the same function.
     *
     * @param matrix (rows, F); overwritten
     */
    public void gelu(Matrix matrix) {
        int columns = matrix.columns();
        float linear = (float) (-2 * SQRT_2_OVER_PI);
        float cubic = (float) (-2 * SQRT_2_OVER_PI * GELU_CUBIC);
        workers.forRows(matrix.rows(), (from, to) -> {
            float[] x = new float[columns];
            float[] e = new float[columns];
            float[] scratch = new float[columns];
            for (long r = from; r < to; r++) {
                matrix.readRow(r, x, columns);
                for (int i = 0; i < columns; i++) {
                    e[i] = x[i] * (linear + cubic * x[i] * x[i]);
                }
                FloatRows.exp(e, scratch, columns);
                for (int i = 0; i < columns; i++) {
                    x[i] = x[i] / (1 + e[i]);
                }
                matrix.writeRow(r, x, columns);
            }
        });
    }

    /**
     * Residual sum.
     *
     * @param stream (rows, D); {@code update} is added to it
     * @param update (rows, D)
     */
    public void add(Matrix stream, Matrix update) {
        int columns = stream.columns();
        workers.forRows(stream.rows(), (from, to) -> {
            float[] x = new float[columns];
            float[] y = new float[columns];
            for (long r = from; r < to; r++) {
                stream.readRow(r, x, columns);
                update.readRow(r, y, columns);
                for (int i = 0; i < columns; i++) {
                    x[i] += y[i];
                }
                stream.writeRow(r, x, columns);
            }
        });
    }

    /**
     * Writes keys or values where later tokens find them: head h of sequence s, of H heads a sequence, is
     * {@code cache.get(s·H + h)}, a row a position.
     *
     * @param rows (B·T, H·d), sequence by sequence
     * @param positions where the rows stand
     * @param cache B·H matrices of d columns; the rows of these positions are overwritten
     */
    public void keep(Matrix rows, Positions positions, List<Matrix> cache) {
        int columns = rows.columns();
        int headDim = cache.get(0).columns();
        int heads = columns / headDim;
        workers.forRows(rows.rows(), (from, to) -> {
            float[] row = new float[columns];
            float[] head = new float[headDim];
            for (long r = from; r < to; r++) {
                rows.readRow(r, row, columns);
                int first = Math.multiplyExact((int) (r / positions.count()), heads);
                for (int h = 0; h < heads; h++) {
                    System.arraycopy(row, h * headDim, head, 0, headDim);
                    cache.get(first + h).writeRow(positions.of(r), head, headDim);
                }
            }
        });
    }

    /**
     * Turns every head of every row by its position.
     *
     * @param matrix (B·T, heads·d), queries or keys; overwritten
     * @param rotary the angles
     * @param positions where the rows stand
     * @param scale what every element is multiplied by as well
     */
    public void rotate(Matrix matrix, RotaryEmbedding rotary, Positions positions, float scale) {
        int columns = matrix.columns();
        workers.forRows(matrix.rows(), (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                matrix.readRow(r, row, columns);
                rotary.rotate(row, columns, positions.of(r), scale);
                matrix.writeRow(r, row, columns);
            }
        });
    }
}
