package dev.flopscope.observe;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.observe.RightHandSums.Stretch;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Sums of weights, made while the weights are: what products read of a weight, in whatever layout, is held against the rows that
 * it was made of.
 */
public final class SummedWeights {
    private final IdentityHashMap<Tensor, RightHandSums> sums = new IdentityHashMap<>();

    /** Bytes that are kept for a weight (n, k). */
    public static long bytes(long rows, long columns) {
        long stretches = (rows + RightHandSums.STRETCH - 1) / RightHandSums.STRETCH;
        return Math.multiplyExact(Float.BYTES * stretches, Math.addExact(columns, 2L * Pieces.LENGTH));
    }

    /** Makes the parameters that {@code loader} makes, and keeps the sums of those that are weights. */
    public TensorLoader watching(TensorLoader loader) {
        return new TensorLoader() {
            @Override
            public Tensor weight(long rows, long columns, RowSource source) {
                Summing summing = new Summing(Math.toIntExact(rows), Math.toIntExact(columns), source);
                Tensor weight = loader.weight(rows, columns, summing);
                keep(weight, summing.sums());
                return weight;
            }

            @Override
            public Tensor transposedWeight(long rows, long columns, RowSource source) {
                SummingColumns summing = new SummingColumns(Math.toIntExact(rows), Math.toIntExact(columns), source);
                Tensor weight = loader.transposedWeight(rows, columns, summing);
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

    private synchronized void keep(Tensor weight, RightHandSums made) {
        sums.put(weight, made);
    }

    /** What is known of a weight; nothing if it is none. */
    synchronized Optional<RightHandSums> of(Tensor weight) {
        return Optional.ofNullable(sums.get(weight));
    }

    /** Rows that are added up when a loader asks for them, each once, in any order. */
    private static final class Summing implements RowSource {
        private final RowSource source;
        private final int rows;
        private final int columns;
        private final BitSet added;
        private final Sums[] stretches;

        Summing(int rows, int columns, RowSource source) {
            this.source = source;
            this.rows = rows;
            this.columns = columns;
            this.added = new BitSet(rows);
            this.stretches = new Sums[RightHandSums.count(rows)];
        }

        @Override
        public void fill(long row, float[] values) {
            source.fill(row, values);
            add((int) row, values);
        }

        /** A loader may ask for a row twice. */
        private synchronized void add(int row, float[] values) {
            if (!added.get(row)) {
                added.set(row);
                int stretch = row / RightHandSums.STRETCH;
                if (stretches[stretch] == null) {
                    stretches[stretch] = new Sums(columns);
                }
                stretches[stretch].add(Signs.ofColumn(row), values);
            }
        }

        synchronized RightHandSums sums() {
            return new RightHandSums(IntStream.range(0, stretches.length)
                    .mapToObj(stretch -> stretches[stretch].stretch(RightHandSums.columns(stretch, rows)))
                    .toList());
        }
    }

    /** Columns of which each gives one entry of every sum when a loader asks for it, in any order and from several threads. */
    private static final class SummingColumns implements RowSource {
        private final RowSource source;
        private final float[] signs;
        private final double[][] signed;
        private final double[][] squares;

        SummingColumns(int rows, int columns, RowSource source) {
            this.source = source;
            this.signs = Signs.ofColumns(rows);
            this.signed = new double[RightHandSums.count(rows)][columns];
            this.squares = new double[RightHandSums.count(rows)][columns];
        }

        @Override
        public void fill(long column, float[] values) {
            source.fill(column, values);
            for (int stretch = 0; stretch < signed.length; stretch++) {
                int first = stretch * RightHandSums.STRETCH;
                int end = first + RightHandSums.columns(stretch, values.length);
                double sum = 0;
                double square = 0;
                for (int row = first; row < end; row++) {
                    double value = values[row];
                    sum += signs[row] * value;
                    square += value * value;
                }
                signed[stretch][(int) column] = sum;
                squares[stretch][(int) column] = square;
            }
        }

        RightHandSums sums() {
            return new RightHandSums(IntStream.range(0, signed.length)
                    .mapToObj(stretch -> new Stretch(
                            RightHandSums.columns(stretch, signs.length),
                            signed[stretch],
                            DoubleStream.of(squares[stretch]).sum()))
                    .toList());
        }
    }

    /** The sums of a stretch. Some rows are added up in float32, where Java's compiler vectorises, and their sums in float64. */
    private static final class Sums {
        private static final int ROWS_IN_FLOAT32 = 16;

        private final float[] group;
        private final float[] groupSquares;
        private final double[] signed;
        private final double[] squares;
        private int inGroup;

        Sums(int columns) {
            this.group = new float[columns];
            this.groupSquares = new float[columns];
            this.signed = new double[columns];
            this.squares = new double[columns];
        }

        void add(float sign, float[] values) {
            addScaled(values, sign, group, groupSquares);
            if (++inGroup == ROWS_IN_FLOAT32) {
                Float32Sums.empty(group, signed);
                Float32Sums.empty(groupSquares, squares);
                inGroup = 0;
            }
        }

        private static void addScaled(float[] values, float sign, float[] sums, float[] squares) {
            for (int column = 0; column < sums.length; column++) {
                float value = values[column];
                sums[column] += sign * value;
                squares[column] += value * value;
            }
        }

        Stretch stretch(int rows) {
            Float32Sums.empty(group, signed);
            Float32Sums.empty(groupSquares, squares);
            return new Stretch(rows, signed, DoubleStream.of(squares).sum());
        }
    }
}
