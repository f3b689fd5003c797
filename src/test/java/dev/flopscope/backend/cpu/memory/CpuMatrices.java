package dev.flopscope.backend.cpu.memory;

import dev.flopscope.Matrices;
import java.util.Arrays;

/** Matrices of this backend from and to plain arrays, without a backend around them. */
public final class CpuMatrices {
    private CpuMatrices() {}

    /** A matrix that holds {@code values} rounded to float32, written on this thread, which may be a worker's. */
    public static Matrix of(MatrixAllocator memory, double[][] values) {
        Matrix matrix = memory.allocate(values.length, values[0].length);
        write(matrix, 0, 0, values);
        return matrix;
    }

    /** A matrix full of one value. */
    public static Matrix filled(MatrixAllocator memory, int rows, int columns, double value) {
        return of(memory, Matrices.constant(rows, columns, value));
    }

    /** Overwrites a block of {@code matrix}. */
    public static void write(Matrix matrix, int firstRow, int firstColumn, double[][] values) {
        for (int r = 0; r < values.length; r++) {
            float[] row = new float[values[r].length];
            Matrices.rows(values).fill(r, row);
            matrix.writeRow(firstRow + r, firstColumn, row, 0, row.length);
        }
    }

    /** Its values, row by row. */
    public static double[][] values(Matrix matrix) {
        double[][] values = new double[(int) matrix.rows()][matrix.width()];
        float[] row = new float[matrix.width()];
        for (int r = 0; r < values.length; r++) {
            matrix.readRow(r, row, row.length);
            for (int c = 0; c < row.length; c++) {
                values[r][c] = row[c];
            }
        }
        return values;
    }

    /** Its bits, row by row: two matrices are the same to the last bit if these are equal. */
    public static int[][] bits(Matrix matrix) {
        return Arrays.stream(values(matrix))
                .map(row -> Arrays.stream(row)
                        .mapToInt(value -> Float.floatToRawIntBits((float) value))
                        .toArray())
                .toArray(int[][]::new);
    }
}
