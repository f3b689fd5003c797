package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import java.util.function.IntFunction;

/**
 * A vector times the columns of the right operand of a product, and how long those columns are. Where columns are rows in memory,
 * many are added up to one, each with its sign.
 */
final class RightHandSums {
    private final int inSum;
    private final double[] values;
    private final double[] lengths;
    private final int columns;

    private RightHandSums(int inSum, double[] values, double[] lengths, int columns) {
        this.inSum = inSum;
        this.values = values;
        this.lengths = lengths;
        this.columns = columns;
    }

    /** How many columns are added up to one. */
    int inSum() {
        return inSum;
    }

    /** The vector times each sum of columns. */
    double[] values() {
        return values;
    }

    /** The Euclidean length of the columns of each sum. */
    double[] lengths() {
        return lengths;
    }

    /** Says which columns are in a sum. */
    IntFunction<String> places() {
        return number -> inSum == 1
                ? "column " + number
                : "columns " + number * inSum + " to " + (Math.min(columns, (number + 1) * inSum) - 1);
    }

    /** Sums of the columns of the result, added up in the same way. */
    double[] added(double[] ofColumns) {
        if (inSum == 1) {
            return ofColumns;
        }
        double[] sums = new double[values.length];
        for (int column = 0; column < ofColumns.length; column++) {
            sums[column / inSum] += Signs.ofRow(column) * ofColumns[column];
        }
        return sums;
    }

    /** Computes both from the rows of the operand, without its engine. */
    static RightHandSums of(OperandReader reader, float[] vector, Tensor right, boolean transposed) {
        int columns = Math.toIntExact(transposed ? right.rows() : right.columns());
        if (!transposed) {
            SignedRows sums = SignedRows.of(reader, right, RowSample.all(vector), true);
            return new RightHandSums(1, sums.sums(), sums.lengths(), columns);
        }
        float[] signs = new float[columns];
        for (int column = 0; column < columns; column++) {
            signs[column] = Signs.ofRow(column);
        }
        float[][] pieces = Pieces.of(vector.length, index -> vector[index]);
        GroupedRows groups = new GroupedRows(RowSample.all(signs), Pieces.ROUNDINGS_OF_SUMS);
        double[] values = new double[groups.count()];
        double[] lengths = new double[values.length];
        groups.addUp(
                reader,
                right,
                lengths,
                (number, first, count, sum, scratch) -> values[number] +=
                        Pieces.dot(sum, 0, pieces, first / Pieces.LENGTH, Pieces.count(count), scratch));
        return new RightHandSums(RowSample.ROWS * Pieces.ROUNDINGS_OF_SUMS, values, lengths, columns);
    }
}
