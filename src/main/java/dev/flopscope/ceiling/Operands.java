package dev.flopscope.ceiling;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Workers;

/** Values for products: small and of both signs, since zeros cost less power, and so might run faster, than real ones. */
final class Operands {
    private static final int PERIOD = 251;

    private Operands() {}

    /** Values between −1 and 1. */
    private static float[] row(int columns) {
        float[] row = new float[columns];
        for (int column = 0; column < columns; column++) {
            row[column] = (column * 89 % PERIOD - PERIOD / 2) / (float) PERIOD;
        }
        return row;
    }

    /** A matrix whose rows are all {@link #row}, written, and so touched, by all threads. */
    static Matrix matrix(MatrixAllocator memory, long rows, int columns) {
        Matrix matrix = memory.allocate(rows, columns);
        fill(matrix, memory.workers());
        return matrix;
    }

    /** Writes {@link #row} over each row, on all threads. */
    static void fill(Matrix matrix, Workers workers) {
        int columns = matrix.columns();
        float[] row = row(columns);
        workers.forRows(matrix.rows(), (from, to) -> {
            for (long i = from; i < to; i++) {
                matrix.writeRow(i, row, columns);
            }
        });
    }
}
