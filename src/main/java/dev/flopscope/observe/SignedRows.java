package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import java.util.Arrays;

/**
 * Sums of the rows of a matrix, each times a factor of its own.
 *
 * <p>A matrix is taken in stripes of columns that the first-level cache holds, four rows at once, in loops of the form that Java's
 * compiler vectorises. Up to {@link #ROWS_IN_FLOAT32} rows are added up in float32, and these sums in float64.
 */
final class SignedRows {
    /**
     * What rounding in float32 adds to the square of a sum's error, in ε² times the sum of squares: 64 rows are added by fours, so
     * that a sum has sixteen roundings of itself and two of its parts.
     */
    static final int SQUARED_ROUNDINGS = 18;

    private static final int ROWS_IN_FLOAT32 = 64;
    private static final int ROWS_AT_ONCE = 4;
    private static final int COLUMNS_IN_STRIPE = 1024;

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
        int width = Math.min(columns, COLUMNS_IN_STRIPE);
        int stripes = (columns + width - 1) / width;
        long rows = matrix.rows();
        long inPart = partRows(width);
        reader.share(stripes * ((rows + inPart - 1) / inPart), task -> {
            long from = task / stripes * inPart;
            int first = (int) (task % stripes) * width;
            Stripe stripe = new Stripe(Math.min(width, columns - first), squared);
            stripe.add(reader, matrix, factors, first, from, Math.min(rows, from + inPart));
            all.add(stripe, first);
        });
        return all;
    }

    /** Rows of {@code columns} elements in a part that is worth a task of its own: whole groups. */
    static long partRows(long columns) {
        return Math.max(1, ELEMENTS_IN_PART / (columns * ROWS_IN_FLOAT32)) * ROWS_IN_FLOAT32;
    }

    private synchronized void add(Stripe stripe, int first) {
        for (int column = 0; column < stripe.sums.length; column++) {
            sums[first + column] += stripe.sums[column];
        }
        for (int column = 0; column < stripe.squares.length; column++) {
            squares[first + column] += stripe.squares[column];
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

    /** Some adjacent columns, for one thread. */
    private static final class Stripe {
        private final float[][] rows;
        private final float[] group;
        private final float[] groupSquares;
        private final double[] sums;
        private final double[] squares;

        Stripe(int width, boolean squared) {
            this.rows = new float[ROWS_AT_ONCE][width];
            this.group = new float[width];
            this.groupSquares = new float[squared ? width : 0];
            this.sums = new double[width];
            this.squares = new double[groupSquares.length];
        }

        void add(OperandReader reader, Tensor matrix, float[] factors, int first, long from, long to) {
            for (long row = from; row < to; row += ROWS_IN_FLOAT32) {
                long end = Math.min(to, row + ROWS_IN_FLOAT32);
                for (long four = row; four < end; four += ROWS_AT_ONCE) {
                    addFour(reader, matrix, factors, first, four, (int) Math.min(ROWS_AT_ONCE, end - four));
                }
                empty(group, sums);
                empty(groupSquares, squares);
            }
        }

        /** Adds up to four rows; in the place of those that there are not are zeros. */
        private void addFour(OperandReader reader, Tensor matrix, float[] factors, int first, long from, int count) {
            float[] each = new float[ROWS_AT_ONCE];
            for (int index = 0; index < ROWS_AT_ONCE; index++) {
                if (index < count) {
                    reader.readRow(matrix, from + index, first, rows[index], group.length);
                    each[index] = factors[(int) from + index];
                } else {
                    Arrays.fill(rows[index], 0);
                }
            }
            addScaled(rows[0], rows[1], rows[2], rows[3], each, group);
            if (groupSquares.length > 0) {
                addSquares(rows[0], rows[1], rows[2], rows[3], groupSquares);
            }
        }

        private static void addScaled(float[] a, float[] b, float[] c, float[] d, float[] factors, float[] sums) {
            float ofA = factors[0];
            float ofB = factors[1];
            float ofC = factors[2];
            float ofD = factors[3];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += (a[i] * ofA + b[i] * ofB) + (c[i] * ofC + d[i] * ofD);
            }
        }

        private static void addSquares(float[] a, float[] b, float[] c, float[] d, float[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += (a[i] * a[i] + b[i] * b[i]) + (c[i] * c[i] + d[i] * d[i]);
            }
        }

        private static void empty(float[] from, double[] to) {
            for (int i = 0; i < to.length; i++) {
                to[i] += from[i];
            }
            Arrays.fill(from, 0);
        }
    }
}
