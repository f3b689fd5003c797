package dev.flopscope.observe;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * Sums of weights, made while the weights are: what products read of a weight, in whatever layout, is held against the rows that
 * it was made of.
 *
 * <p>For each weight (n, k) that takes n + k numbers of eight bytes.
 */
public final class SummedWeights {
    /** Bytes of a number that is kept. */
    public static final long BYTES = Double.BYTES;

    private final IdentityHashMap<Tensor, WeightSums> sums = new IdentityHashMap<>();

    /** Makes the parameters that {@code loader} makes, and keeps the sums of those that are weights. */
    public TensorLoader watching(TensorLoader loader) {
        return new TensorLoader() {
            @Override
            public Tensor weight(long rows, long columns, RowSource source) {
                Summing summing = new Summing(rows, columns, source);
                Tensor weight = loader.weight(rows, columns, summing);
                keep(weight, summing.sums());
                return weight;
            }

            @Override
            public Tensor table(long rows, long columns, RowSource source) {
                return loader.table(rows, columns, source);
            }

            @Override
            public void close() {
                loader.close();
            }
        };
    }

    private synchronized void keep(Tensor weight, WeightSums made) {
        sums.put(weight, made);
    }

    /** What is known of a weight; nothing if it is none. */
    synchronized Optional<WeightSums> of(Tensor weight) {
        return Optional.ofNullable(sums.get(weight));
    }

    /** Rows that are added up when a loader asks for them, each once. */
    private static final class Summing implements RowSource {
        private static final double UNKNOWN = -1;

        /** Added up where Java's compiler vectorises; the rounding of so few is far below that of a product. */
        private static final int ROWS_IN_FLOAT32 = SignedRows.SQUARED_ROUNDINGS;

        private final RowSource source;
        private final double[] lengths;
        private final double[] signed;
        private final float[] group;
        private int inGroup;

        Summing(long rows, long columns, RowSource source) {
            this.source = source;
            this.lengths = new double[Math.toIntExact(rows)];
            this.signed = new double[Math.toIntExact(columns)];
            this.group = new float[signed.length];
            Arrays.fill(lengths, UNKNOWN);
        }

        @Override
        public void fill(long row, float[] values) {
            source.fill(row, values);
            double length = Math.sqrt(RightHandSums.dot(values, values, signed.length));
            add((int) row, values, length);
        }

        private synchronized void add(int row, float[] values, double length) {
            if (lengths[row] != UNKNOWN) {
                return; // a loader may ask twice
            }
            lengths[row] = length;
            float sign = Signs.ofRow(row);
            for (int column = 0; column < group.length; column++) {
                group[column] += sign * values[column];
            }
            if (++inGroup == ROWS_IN_FLOAT32) {
                empty();
            }
        }

        private void empty() {
            for (int column = 0; column < group.length; column++) {
                signed[column] += group[column];
            }
            Arrays.fill(group, 0);
            inGroup = 0;
        }

        synchronized WeightSums sums() {
            empty();
            return new WeightSums(lengths, signed);
        }
    }
}
