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
     * @param lengths the Euclidean length of each column
     */
    RightHandSums(double[] values, double[] lengths) {
        this.values = values;
        this.lengths = lengths;
    }

    /** The vector times each column. */
    double[] values() {
        return values;
    }

    /** The Euclidean length of each column. */
    double[] lengths() {
        return lengths;
    }

    /** Computes both from the rows of the operand, without its engine. */
    static RightHandSums of(OperandReader reader, float[] vector, Tensor right, boolean transposed) {
        if (!transposed) {
            SignedRows sums = SignedRows.of(reader, right, vector, true);
            return new RightHandSums(sums.sums(), sums.lengths());
        }
        int columns = (int) right.rows();
        RightHandSums sums = new RightHandSums(new double[columns], new double[columns]);
        long inPart = SignedRows.partRows(right.columns());
        reader.share((columns + inPart - 1) / inPart, part -> {
            float[] row = new float[vector.length];
            for (int column = (int) (part * inPart); column < Math.min(columns, (part + 1) * inPart); column++) {
                reader.readRow(right, column, 0, row, row.length);
                sums.values[column] = dot(vector, row, row.length);
                sums.lengths[column] = Math.sqrt(dot(row, row, row.length));
            }
        });
        return sums;
    }

    /** Of the first {@code length} elements. Eight sums at once, since each waits for its own last addition. */
    static double dot(float[] a, float[] b, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
            s4 += a[i + 4] * b[i + 4];
            s5 += a[i + 5] * b[i + 5];
            s6 += a[i + 6] * b[i + 6];
            s7 += a[i + 7] * b[i + 7];
        }
        for (; i < length; i++) {
            s0 += a[i] * b[i];
        }
        return ((double) s0 + s1 + (s2 + s3)) + ((double) s4 + s5 + (s6 + s7));
    }
}
