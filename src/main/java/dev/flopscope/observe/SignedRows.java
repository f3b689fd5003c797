package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import java.util.Arrays;

/**
 * Sums of the rows of a matrix, each times a factor of its own.
 *
 * <p>A matrix is taken in stripes of columns that the first-level cache holds, four rows at once. Up to {@link #GROUPS_IN_FLOAT32}
 * times four rows are added up in float32, and these sums in float64; the roundings of that are no more than
 * {@link Pieces#SQUARED_ROUNDINGS}.
 */
final class SignedRows {
    private static final int GROUPS_IN_FLOAT32 = 16;
    private static final int COLUMNS_IN_STRIPE = 512;

    /** A part of a matrix is worth a task of its own from so many elements on. */
    private static final int ELEMENTS_IN_PART = 1 << 17;

    private static final ThreadBuffers<Stripe> STRIPES = new ThreadBuffers<>(Stripe::new);

    private final double[] sums;
    private final double[] squares;
    private final long rows;

    private SignedRows(long rows, int columns, boolean squared) {
        this.rows = rows;
        this.sums = new double[columns];
        this.squares = new double[squared ? columns : 0];
    }

    /** What squares of so many float32 numbers may have lost by underflow. */
    static double lost(long elements) {
        return elements * (double) Float.MIN_VALUE;
    }

    /**
     * Adds up.
     *
     * @param rows which rows, with their factors
     * @param squared whether squares of the elements are added up as well
     */
    static SignedRows of(OperandReader reader, Tensor matrix, RowSample rows, boolean squared) {
        int columns = (int) matrix.columns();
        SignedRows all = new SignedRows(matrix.rows(), columns, squared);
        int width = Math.min(columns, COLUMNS_IN_STRIPE);
        int stripes = (columns + width - 1) / width;
        int inPart = Math.max(1, ELEMENTS_IN_PART / (width * RowSample.ROWS * GROUPS_IN_FLOAT32)) * GROUPS_IN_FLOAT32;
        reader.share((long) stripes * ((rows.groups() + inPart - 1) / inPart), task -> {
            int from = (int) (task / stripes) * inPart;
            int first = (int) (task % stripes) * width;
            Stripe stripe = STRIPES.of(Math.min(width, columns - first));
            stripe.addUp(reader, matrix, rows, first, from, Math.min(rows.groups(), from + inPart), squared);
            all.add(stripe, first);
        });
        return all;
    }

    private synchronized void add(Stripe stripe, int first) {
        for (int column = 0; column < stripe.sums.length; column++) {
            sums[first + column] += stripe.sums[column];
        }
        for (int column = 0; squares.length > 0 && column < stripe.squares.length; column++) {
            squares[first + column] += stripe.squares[column];
        }
    }

    /** The sum of each column. */
    double[] sums() {
        return sums;
    }

    /** The length of each column, if squares were asked for. */
    double[] lengths() {
        double[] lengths = new double[squares.length];
        for (int column = 0; column < lengths.length; column++) {
            lengths[column] = Math.sqrt(squares[column] + lost(rows));
        }
        return lengths;
    }

    /** The sum of the squares of all elements, if it was asked for. */
    double square() {
        double all = lost(rows * squares.length);
        for (double square : squares) {
            all += square;
        }
        return all;
    }

    /** Some adjacent columns, for one thread. */
    private static final class Stripe {
        private final float[][] rows;
        private final float[] factors = new float[RowSample.ROWS];
        private final float[] group;
        private final float[] groupSquares;
        private final double[] sums;
        private final double[] squares;

        Stripe(int width) {
            this.rows = new float[RowSample.ROWS][width];
            this.group = new float[width];
            this.groupSquares = new float[width];
            this.sums = new double[width];
            this.squares = new double[width];
        }

        /** Overwrites all sums. */
        void addUp(
                OperandReader reader, Tensor matrix, RowSample sample, int first, int from, int to, boolean squared) {
            Arrays.fill(sums, 0);
            Arrays.fill(squares, 0);
            Arrays.fill(group, 0);
            Arrays.fill(groupSquares, 0);
            for (int some = from; some < to; some += GROUPS_IN_FLOAT32) {
                int end = Math.min(to, some + GROUPS_IN_FLOAT32);
                for (int number = some; number < end; number++) {
                    addFour(reader, matrix, sample, first, number, squared);
                }
                Float32Sums.empty(group, sums);
                if (squared) {
                    Float32Sums.empty(groupSquares, squares);
                }
            }
        }

        /** Adds up to four rows; in the place of those that there are not are zeros. */
        private void addFour(
                OperandReader reader, Tensor matrix, RowSample sample, int first, int number, boolean squared) {
            int count = sample.rows(number);
            reader.read(matrix, sample.first(number), count, first, group.length, rows);
            for (int missing = count; missing < RowSample.ROWS; missing++) {
                Arrays.fill(rows[missing], 0);
            }
            sample.factors(number, factors);
            Float32Sums.addScaled(rows[0], rows[1], rows[2], rows[3], factors, group);
            if (squared) {
                Float32Sums.addSquares(rows[0], rows[1], rows[2], rows[3], groupSquares);
            }
        }
    }
}
