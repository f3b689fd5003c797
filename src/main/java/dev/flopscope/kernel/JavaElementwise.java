package dev.flopscope.kernel;

import dev.flopscope.tensor.Matrix;

/** Plain loops over one row at a time. */
final class JavaElementwise implements Elementwise {
    @Override
    public void exp(Matrix source, Matrix result, int rows) {
        int columns = source.columns();
        float[] row = new float[columns];
        float[] scratch = new float[columns];
        for (int r = 0; r < rows; r++) {
            source.readRow(r, row, columns);
            FloatRows.exp(row, scratch, columns);
            result.writeRow(r, row, columns);
        }
    }

    @Override
    public void silu(Matrix matrix, long from, long to) {
        int columns = matrix.columns();
        float[] x = new float[columns];
        float[] e = new float[columns];
        float[] scratch = new float[columns];
        for (long r = from; r < to; r++) {
            matrix.readRow(r, x, columns);
            for (int i = 0; i < columns; i++) {
                e[i] = -x[i];
            }
            FloatRows.exp(e, scratch, columns);
            for (int i = 0; i < columns; i++) {
                x[i] = x[i] / (1 + e[i]);
            }
            matrix.writeRow(r, x, columns);
        }
    }
}
