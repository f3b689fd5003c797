package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;

/** A vector times the right operand of a product, and how long the columns of that operand are. */
final class RightHandSums {
    private final double[] values;
    private final double[] lengths;

    /**
     * Keeps both.
     *
     * @param values the vector times each column
     * @param lengths the Euclidean length of each column, or an estimate
     */
    RightHandSums(double[] values, double[] lengths) {
        this.values = values;
        this.lengths = lengths;
    }

    /** The vector times each column. */
    double[] values() {
        return values;
    }

    /** The Euclidean length of each column, or an estimate. */
    double[] lengths() {
        return lengths;
    }

    /** Computes both from the rows of the operand, without its engine. */
    static RightHandSums of(OperandReader reader, double[] vector, Tensor right, boolean transposed) {
        if (!transposed) {
            SignedRows sums = SignedRows.of(reader, right, rounded(vector), true);
            return new RightHandSums(sums.sums(), sums.lengths());
        }
        int columns = (int) right.rows();
        RightHandSums sums = new RightHandSums(new double[columns], new double[columns]);
        long inPart = SignedRows.partRows(right.columns());
        reader.share((columns + inPart - 1) / inPart, part -> {
            float[] row = new float[vector.length];
            for (int column = (int) (part * inPart); column < Math.min(columns, (part + 1) * inPart); column++) {
                reader.readRow(right, column, row);
                sums.values[column] = dot(vector, row);
                sums.lengths[column] = Math.sqrt(squares(row));
            }
        });
        return sums;
    }

    /** A vector as float32. */
    static float[] rounded(double[] vector) {
        float[] rounded = new float[vector.length];
        for (int index = 0; index < vector.length; index++) {
            rounded[index] = (float) vector[index];
        }
        return rounded;
    }

    /** Four sums at once, since each waits for its own last addition. */
    private static double dot(double[] vector, float[] row) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int index = 0;
        for (; index + 3 < row.length; index += 4) {
            sum0 += vector[index] * row[index];
            sum1 += vector[index + 1] * row[index + 1];
            sum2 += vector[index + 2] * row[index + 2];
            sum3 += vector[index + 3] * row[index + 3];
        }
        for (; index < row.length; index++) {
            sum0 += vector[index] * row[index];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    private static double squares(float[] row) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int index = 0;
        for (; index + 3 < row.length; index += 4) {
            sum0 += row[index] * row[index];
            sum1 += row[index + 1] * row[index + 1];
            sum2 += row[index + 2] * row[index + 2];
            sum3 += row[index + 3] * row[index + 3];
        }
        for (; index < row.length; index++) {
            sum0 += row[index] * row[index];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }
}
