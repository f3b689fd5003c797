package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import dev.flopscope.observe.RightHandSums.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Sums of right operands that are no weights, made by reading them. They are kept until they are forgotten, since one tile of keys or
 * values is multiplied with every tile of queries.
 */
final class RightHandReader {
    /** What is kept is little beside keys and values, but tiles may be as small as one key. */
    private static final int MOST_KEPT = 4096;

    /** A part of a matrix is worth a task of its own from so many elements on. */
    private static final int ELEMENTS_IN_PART = 1 << 16;

    private static final ThreadBuffers<Row> ROWS = new ThreadBuffers<>(Row::new);

    private final OperandReader reader;
    private final ConcurrentMap<Operand, RightHandSums> kept = new ConcurrentHashMap<>();

    private record Operand(Tensor tensor, boolean transposed) {}

    /** Has read nothing yet. */
    RightHandReader(OperandReader reader) {
        this.reader = reader;
    }

    /** Forgets what was read, because operands may hold something else from now on. */
    void forget() {
        kept.clear();
    }

    /**
     * Sums of a readable operand, from any thread.
     *
     * @param transposed whether its rows are the columns of the product's right operand
     */
    RightHandSums of(Tensor right, boolean transposed) {
        Operand operand = new Operand(right, transposed);
        RightHandSums sums = kept.get(operand);
        if (sums == null) {
            sums = transposed ? ofRows(right) : ofColumns(right);
            if (kept.size() < MOST_KEPT) {
                kept.put(operand, sums);
            }
        }
        return sums;
    }

    private RightHandSums ofRows(Tensor right) {
        int columns = Math.toIntExact(right.rows());
        double[][] signed = new double[RightHandSums.count(columns)][Math.toIntExact(right.columns())];
        GroupedRows groups = new GroupedRows(RowSample.all(Signs.ofColumns(columns)), Pieces.ROUNDINGS_OF_SUMS);
        double[] lengths = groups.addUp(reader, right, (number, first, some, sums) -> {
            double[] stretch = signed[groups.first(number) / RightHandSums.STRETCH];
            synchronized (stretch) {
                Pieces.addTo(stretch, first, some, sums.sum());
            }
        });
        double[] squares = new double[signed.length];
        for (int number = 0; number < lengths.length; number++) {
            squares[groups.first(number) / RightHandSums.STRETCH] += lengths[number] * lengths[number];
        }
        return sums(columns, signed, squares);
    }

    private RightHandSums ofColumns(Tensor right) {
        int rows = Math.toIntExact(right.rows());
        int columns = Math.toIntExact(right.columns());
        float[][] signs = Pieces.of(Signs.ofColumns(columns));
        double[][] signed = new double[RightHandSums.count(columns)][rows];
        double[] squares = new double[signed.length];
        int inPart = Math.max(1, ELEMENTS_IN_PART / columns);
        reader.share((rows + inPart - 1) / inPart, part -> {
            Row row = ROWS.of(Math.min(columns, RightHandSums.STRETCH));
            int end = (int) Math.min(rows, (part + 1) * inPart);
            for (int stretch = 0; stretch < signed.length; stretch++) {
                double square = 0;
                for (int number = (int) part * inPart; number < end; number++) {
                    row.read(reader, right, number, stretch);
                    signed[stretch][number] = row.times(signs, stretch * RightHandSums.STRETCH / Pieces.LENGTH);
                    square += row.square();
                }
                synchronized (squares) {
                    squares[stretch] += square;
                }
            }
        });
        return sums(columns, signed, squares);
    }

    private static RightHandSums sums(int columns, double[][] signed, double[] squares) {
        List<Stretch> stretches = new ArrayList<>();
        for (int stretch = 0; stretch < signed.length; stretch++) {
            stretches.add(new Stretch(RightHandSums.columns(stretch, columns), signed[stretch], squares[stretch]));
        }
        return new RightHandSums(stretches);
    }

    /** A stretch of a row, for one thread. */
    private static final class Row {
        private final float[][] elements;
        private final float[] scratch;
        private int pieces;

        Row(int columns) {
            this.elements = Pieces.of(columns);
            this.scratch = new float[Pieces.length(columns)];
        }

        void read(OperandReader reader, Tensor matrix, int row, int stretch) {
            int columns = RightHandSums.columns(stretch, Math.toIntExact(matrix.columns()));
            pieces = Pieces.count(columns);
            if (stretch > 0 && columns < RightHandSums.STRETCH) {
                Pieces.clear(elements);
            }
            reader.read(matrix, row, 1, stretch * RightHandSums.STRETCH, columns, elements);
        }

        double times(float[][] others, int from) {
            return Pieces.dot(elements, 0, others, from, pieces, scratch);
        }

        double square() {
            return Pieces.dot(elements, 0, elements, 0, pieces, scratch);
        }
    }
}
