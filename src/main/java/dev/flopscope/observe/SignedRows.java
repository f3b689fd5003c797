package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import java.util.Arrays;

/**
 * Sums of the rows of a matrix, each times a factor of its own.
 *
 * <p>Up to {@link #ROWS_IN_FLOAT32} rows are added up in float32, where Java's compiler vectorises, and these sums in float64.
 */
final class SignedRows {
    /** So few that their rounding is far below that of the product itself. */
    static final int ROWS_IN_FLOAT32 = 16;

    /** A part of a matrix is worth a task of its own from so many elements on. */
    private static final long ELEMENTS_IN_PART = 1 << 17;

    private final double[] sums;
    private final double[] squares;

    private SignedRows(int columns, boolean squared) {
        this.sums = new double[columns];
        this.squares = new double[squared ? columns : 0];
    }

    /**
     * Adds up.
     *
     * @param factors one for each row
     * @param squared whether squares of the elements are added up as well
     */
    static SignedRows of(OperandReader reader, Tensor matrix, float[] factors, boolean squared) {
        int columns = (int) matrix.columns();
        SignedRows all = new SignedRows(columns, squared);
        long rows = matrix.rows();
        long inPart = partRows(columns);
        reader.share((rows + inPart - 1) / inPart, part -> {
            SignedRows some = new SignedRows(columns, squared);
            some.add(reader, matrix, factors, part * inPart, Math.min(rows, (part + 1) * inPart));
            all.add(some);
        });
        return all;
    }

    /** Rows of {@code columns} elements in a part that is worth a task of its own: whole groups. */
    static long partRows(long columns) {
        return Math.max(1, ELEMENTS_IN_PART / (columns * ROWS_IN_FLOAT32)) * ROWS_IN_FLOAT32;
    }

    private void add(OperandReader reader, Tensor matrix, float[] factors, long from, long to) {
        int columns = sums.length;
        float[] row = new float[columns];
        float[] group = new float[columns];
        float[] groupSquares = new float[squares.length];
        for (long first = from; first < to; first += ROWS_IN_FLOAT32) {
            Arrays.fill(group, 0);
            Arrays.fill(groupSquares, 0);
            for (long number = first; number < Math.min(to, first + ROWS_IN_FLOAT32); number++) {
                reader.readRow(matrix, number, row);
                addScaled(row, factors[(int) number], group);
                if (groupSquares.length > 0) {
                    addSquares(row, groupSquares);
                }
            }
            addTo(sums, group);
            addTo(squares, groupSquares);
        }
    }

    private static void addScaled(float[] row, float factor, float[] group) {
        for (int column = 0; column < group.length; column++) {
            group[column] += row[column] * factor;
        }
    }

    private static void addSquares(float[] row, float[] group) {
        for (int column = 0; column < group.length; column++) {
            group[column] += row[column] * row[column];
        }
    }

    private static void addTo(double[] sums, float[] group) {
        for (int column = 0; column < group.length; column++) {
            sums[column] += group[column];
        }
    }

    private synchronized void add(SignedRows part) {
        for (int column = 0; column < sums.length; column++) {
            sums[column] += part.sums[column];
        }
        for (int column = 0; column < squares.length; column++) {
            squares[column] += part.squares[column];
        }
    }

    /** The sum of each column. */
    double[] sums() {
        return sums;
    }

    /** The length of each column, if squares were asked for. */
    double[] lengths() {
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }

    /** The length of all elements taken together, if squares were asked for. */
    double length() {
        return Math.sqrt(Arrays.stream(squares).sum());
    }
}
