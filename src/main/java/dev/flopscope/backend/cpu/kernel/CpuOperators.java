package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Routing;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.RoutingConfig;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** The operators over whole matrices, whose rows are shared among threads. */
public final class CpuOperators implements Operators {
    /** Bytes of rows that go through two loops one after the other, so that the second finds them in cache. */
    private static final long BLOCK_BYTES = 128 << 10;

    private final Workers workers;
    private final Elementwise elementwise;

    /** Operators that run on {@code workers} and take exponentials by {@code elementwise}. */
    public CpuOperators(Workers workers, Elementwise elementwise) {
        this.workers = workers;
        this.elementwise = elementwise;
    }

    @Override
    public void gather(Tensor table, int[] rows, Tensor result) {
        Matrix source = Matrix.of(table);
        Matrix destination = Matrix.of(result);
        int columns = destination.width();
        workers.forRows(rows.length, (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                source.readRow(rows[(int) r], row, columns);
                destination.writeRow(r, row, columns);
            }
        });
    }

    @Override
    public void rmsNorm(Tensor input, Tensor gain, double epsilon, Tensor output) {
        Matrix source = Matrix.of(input);
        Matrix destination = Matrix.of(output);
        int columns = source.width();
        float[] g = row(gain, columns);
        workers.forRows(source.rows(), (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                source.readRow(r, row, columns);
                float scale =
                        (float) (1 / Math.sqrt((double) FloatRows.sumOfSquares(row, columns) / columns + epsilon));
                for (int i = 0; i < columns; i++) {
                    row[i] = row[i] * scale * g[i];
                }
                destination.writeRow(r, row, columns);
            }
        });
    }

    @Override
    public void layerNorm(Tensor input, Tensor gain, Tensor bias, double epsilon, Tensor output) {
        Matrix source = Matrix.of(input);
        Matrix destination = Matrix.of(output);
        int columns = source.width();
        float[] g = row(gain, columns);
        float[] b = row(bias, columns);
        workers.forRows(source.rows(), (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                source.readRow(r, row, columns);
                float mean = FloatRows.sum(row, columns) / columns;
                for (int i = 0; i < columns; i++) {
                    row[i] -= mean;
                }
                float scale =
                        (float) (1 / Math.sqrt((double) FloatRows.sumOfSquares(row, columns) / columns + epsilon));
                for (int i = 0; i < columns; i++) {
                    row[i] = row[i] * scale * g[i] + b[i];
                }
                destination.writeRow(r, row, columns);
            }
        });
    }

    private static float[] row(Tensor vector, int columns) {
        float[] values = new float[columns];
        Matrix.of(vector).readRow(0, values, columns);
        return values;
    }

    @Override
    public void addBias(Tensor matrix, Tensor bias) {
        float[] b = row(bias, Matrix.of(matrix).width());
        eachRow(matrix, row -> add(row, b));
    }

    @Override
    public void scale(Tensor matrix, float factor) {
        eachRow(matrix, row -> {
            for (int i = 0; i < row.length; i++) {
                row[i] *= factor;
            }
        });
    }

    @Override
    public void softCap(Tensor matrix, double cap) {
        Matrix values = Matrix.of(matrix);
        workers.forRows(values.rows(), (from, to) -> {
            float[] row = new float[values.width()];
            float[] scratch = new float[row.length];
            for (long r = from; r < to; r++) {
                values.readRow(r, row, row.length);
                FloatRows.softCap(row, scratch, row.length, (float) cap);
                values.writeRow(r, row, row.length);
            }
        });
    }

    @Override
    public void clear(Tensor matrix) {
        eachRow(matrix, row -> Arrays.fill(row, 0));
    }

    private void eachRow(Tensor tensor, Consumer<float[]> change) {
        Matrix matrix = Matrix.of(tensor);
        workers.forRows(matrix.rows(), (from, to) -> {
            float[] row = new float[matrix.width()];
            for (long r = from; r < to; r++) {
                matrix.readRow(r, row, row.length);
                change.accept(row);
                matrix.writeRow(r, row, row.length);
            }
        });
    }

    @Override
    public Routing route(Tensor logits, RoutingConfig config, int perToken, Optional<Tensor> correction) {
        Matrix rows = Matrix.of(logits);
        float[] row = new float[rows.width()];
        return Routing.of(
                config,
                perToken,
                correction.map(vector -> doubles(row(vector, row.length))).orElse(new double[0]),
                Math.toIntExact(rows.rows()),
                number -> {
                    rows.readRow(number, row, row.length);
                    return doubles(row);
                });
    }

    private static double[] doubles(float[] row) {
        double[] values = new double[row.length];
        Arrays.setAll(values, i -> row[i]);
        return values;
    }

    @Override
    public void addRows(Tensor terms, int[] rows, double[] weights, Tensor sums) {
        Matrix source = Matrix.of(terms);
        Matrix destination = Matrix.of(sums);
        int columns = source.width();
        workers.forRows(rows.length, (from, to) -> {
            float[] term = new float[columns];
            float[] sum = new float[columns];
            for (int r = (int) from; r < to; r++) {
                source.readRow(r, term, columns);
                destination.readRow(rows[r], sum, columns);
                float weight = (float) weights[r];
                for (int i = 0; i < columns; i++) {
                    sum[i] += weight * term[i];
                }
                destination.writeRow(rows[r], sum, columns);
            }
        });
    }

    @Override
    public void copyColumns(Tensor source, HeadColumns from, Tensor destination, HeadColumns to, int width, int heads) {
        Matrix read = Matrix.of(source);
        Matrix written = Matrix.of(destination);
        workers.forRows(read.rows(), (first, end) -> {
            float[] row = new float[read.width()];
            for (long r = first; r < end; r++) {
                read.readRow(r, row, row.length);
                for (int head = 0; head < heads; head++) {
                    written.writeRow(r, to.first() + head * to.step(), row, from.first() + head * from.step(), width);
                }
            }
        });
    }

    @Override
    public void rotate(Tensor matrix, RotaryTable table, Chunk chunk, float scale) {
        Matrix heads = Matrix.of(matrix);
        if (!(table instanceof RotaryEmbedding angles)) {
            throw new IllegalArgumentException("not a table of this backend: " + table);
        }
        int columns = heads.width();
        workers.forRows(heads.rows(), (from, to) -> {
            float[] row = new float[columns];
            for (long r = from; r < to; r++) {
                heads.readRow(r, row, columns);
                angles.rotate(row, columns, chunk.past() + (int) (r % chunk.queries()), scale);
                heads.writeRow(r, row, columns);
            }
        });
    }

    @Override
    public void append(KeyValues cache, Tensor keys, Tensor values, Chunk chunk) {
        HeadKeyValues.of(cache).append(Matrix.of(keys), Matrix.of(values), chunk, workers);
    }

    /**
     * Softmax under the causal mask and a window: the query at position s keeps the columns from max(0, s+1−window) to s, and
     * has zeros elsewhere.
     *
     * @param scores (queries, positions); overwritten with weights whose rows sum to 1, or to less with a sink
     * @param past the position of the first row
     * @param window how many positions a query sees, itself included
     * @param sink the score of the head's sink, or {@link Sinks#NONE}
     */
    public void maskedSoftmax(Matrix scores, int past, int window, float sink) {
        int columns = scores.width();
        workers.forRows(scores.rows(), (from, to) -> {
            float[] row = new float[columns];
            float[] scratch = new float[columns];
            float[] zeros = new float[Math.max(0, columns - window)];
            for (long r = from; r < to; r++) {
                int end = past + (int) r + 1;
                int hidden = Math.max(0, end - window);
                int kept = end - hidden;
                scores.readRow(r, hidden, row, kept);
                softmax(row, scratch, kept, sink);
                Arrays.fill(row, kept, columns - hidden, 0f);
                scores.writeRow(r, hidden, row, 0, columns - hidden);
                scores.writeRow(r, 0, zeros, 0, hidden);
            }
        });
    }

    private static void softmax(float[] row, float[] scratch, int length, float sink) {
        float max = Math.max(FloatRows.max(row, length), sink);
        for (int i = 0; i < length; i++) {
            row[i] -= max;
        }
        FloatRows.exp(row, scratch, length);
        float norm = 1 / (FloatRows.sum(row, length) + (float) Math.exp(sink - max));
        for (int i = 0; i < length; i++) {
            row[i] *= norm;
        }
    }

    @Override
    public void activate(Activation activation, Tensor matrix) {
        Matrix values = Matrix.of(matrix);
        workers.forRows(values.rows(), (from, to) -> elementwise.activate(activation, values, from, to));
    }

    @Override
    public void gate(Activation activation, Tensor gate, Tensor up) {
        Matrix gates = Matrix.of(gate);
        Matrix factors = Matrix.of(up);
        long rows = Math.max(1, BLOCK_BYTES / (gates.columns() * Float.BYTES));
        workers.forRows(gates.rows(), (from, to) -> {
            float[] x = new float[gates.width()];
            float[] y = new float[x.length];
            for (long first = from; first < to; first += rows) {
                long end = Math.min(to, first + rows);
                elementwise.activate(activation, gates, first, end);
                for (long r = first; r < end; r++) {
                    combine(gates, factors, r, x, y, CpuOperators::multiply);
                }
            }
        });
    }

    @Override
    public void limitGate(Tensor gate, Tensor up, double limit) {
        float most = (float) limit;
        eachRow(gate, row -> {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.min(row[i], most);
            }
        });
        eachRow(up, row -> {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.min(Math.max(row[i], -most), most) + 1;
            }
        });
    }

    @Override
    public void add(Tensor stream, Tensor update) {
        Matrix sums = Matrix.of(stream);
        Matrix terms = Matrix.of(update);
        workers.forRows(sums.rows(), (from, to) -> {
            float[] x = new float[sums.width()];
            float[] y = new float[x.length];
            for (long r = from; r < to; r++) {
                combine(sums, terms, r, x, y, CpuOperators::add);
            }
        });
    }

    /** Replaces a row of {@code matrix} by what {@code operation} makes of it and that of {@code other}, in x and y. */
    private static void combine(Matrix matrix, Matrix other, long row, float[] x, float[] y, RowOperation operation) {
        matrix.readRow(row, x, x.length);
        other.readRow(row, y, x.length);
        operation.apply(x, y);
        matrix.writeRow(row, x, x.length);
    }

    /** Overwrites its first row; both are of one length. */
    private interface RowOperation {
        void apply(float[] x, float[] y);
    }

    private static void multiply(float[] x, float[] y) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= y[i];
        }
    }

    private static void add(float[] x, float[] y) {
        for (int i = 0; i < x.length; i++) {
            x[i] += y[i];
        }
    }
}
