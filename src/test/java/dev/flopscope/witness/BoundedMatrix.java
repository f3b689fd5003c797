package dev.flopscope.witness;

import dev.flopscope.Rounding;
import java.util.Arrays;

/**
 * A matrix in float64, and beside each element a bound on how far off a float32 computation of it may be.
 *
 * <p>The bounds are those of running error analysis (Higham 2002, §3.3): an operation passes on the errors of its operands
 * and adds γₖ of its own magnitude. Float64's own roundings are 2²⁹ times smaller and are covered by {@link #FLOAT64}.
 */
public final class BoundedMatrix {
    /** What float64 may add to a bound, relative to it: generous, and without effect on whether a test is strict. */
    private static final double FLOAT64 = 1 + 1e-3;

    /** The values, row by row. */
    public final double[][] values;

    /** The bounds, row by row. */
    public final double[][] errors;

    BoundedMatrix(int rows, int columns) {
        values = new double[rows][columns];
        errors = new double[rows][columns];
    }

    /** Values that are what they are. */
    public static BoundedMatrix exact(double[][] values) {
        BoundedMatrix exact = new BoundedMatrix(values.length, values[0].length);
        for (int row = 0; row < values.length; row++) {
            System.arraycopy(values[row], 0, exact.values[row], 0, values[row].length);
        }
        return exact;
    }

    /** Rows. */
    public int rows() {
        return values.length;
    }

    /** Columns. */
    public int columns() {
        return values[0].length;
    }

    void set(int row, int column, double value, double error) {
        values[row][column] = value;
        errors[row][column] = error * FLOAT64;
    }

    /** The largest magnitude that the float32 computation may have had here. */
    public double magnitude(int row, int column) {
        return Math.abs(values[row][column]) + errors[row][column];
    }

    /** A copy of some rows and columns. */
    public BoundedMatrix block(int firstRow, int rows, int firstColumn, int columns) {
        BoundedMatrix block = new BoundedMatrix(rows, columns);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values[firstRow + row], firstColumn, block.values[row], 0, columns);
            System.arraycopy(errors[firstRow + row], firstColumn, block.errors[row], 0, columns);
        }
        return block;
    }

    /** Overwrites a block. */
    public void paste(int firstRow, int firstColumn, BoundedMatrix block) {
        for (int row = 0; row < block.rows(); row++) {
            System.arraycopy(block.values[row], 0, values[firstRow + row], firstColumn, block.columns());
            System.arraycopy(block.errors[row], 0, errors[firstRow + row], firstColumn, block.columns());
        }
    }

    /** One row that has an element so often. */
    BoundedMatrix repeated(int row, int column, int times) {
        BoundedMatrix repeated = new BoundedMatrix(1, times);
        Arrays.fill(repeated.values[0], values[row][column]);
        Arrays.fill(repeated.errors[0], errors[row][column]);
        return repeated;
    }

    /** Rows for columns. */
    public BoundedMatrix transposed() {
        BoundedMatrix transposed = new BoundedMatrix(columns(), rows());
        for (int row = 0; row < rows(); row++) {
            for (int column = 0; column < columns(); column++) {
                transposed.values[column][row] = values[row][column];
                transposed.errors[column][row] = errors[row][column];
            }
        }
        return transposed;
    }

    /** x + y, rounded once. */
    public BoundedMatrix plus(BoundedMatrix other) {
        BoundedMatrix sum = new BoundedMatrix(rows(), columns());
        for (int row = 0; row < rows(); row++) {
            for (int column = 0; column < columns(); column++) {
                double value = values[row][column] + other.values[row][column];
                double passedOn = errors[row][column] + other.errors[row][column];
                sum.set(row, column, value, passedOn + Rounding.UNIT * (Math.abs(value) + passedOn));
            }
        }
        return sum;
    }
}
