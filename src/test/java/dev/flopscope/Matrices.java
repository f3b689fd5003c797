package dev.flopscope;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Weight;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Matrices from and to plain arrays. */
public final class Matrices {
    private Matrices() {}

    /** Pseudo-random float32 values within ±{@code magnitude}. */
    public static double[][] random(long seed, int rows, int columns, double magnitude) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, column -> (float) ((2 * random.nextDouble() - 1) * magnitude));
        }
        return values;
    }

    /** The weight of an engine that reads weights row by row. */
    public static Matrix rowByRow(Weight weight) {
        return (Matrix) weight;
    }

    /** A matrix that holds {@code values} rounded to float32. */
    public static Matrix of(MatrixAllocator memory, double[][] values) {
        Matrix matrix = memory.allocate(values.length, values[0].length);
        write(matrix, 0, 0, values);
        return matrix;
    }

    /** Overwrites a block of {@code matrix}. */
    public static void write(Matrix matrix, int firstRow, int firstColumn, double[][] values) {
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < values.length; r++) {
            matrix.readRow(firstRow + r, row, row.length);
            for (int c = 0; c < values[r].length; c++) {
                row[firstColumn + c] = (float) values[r][c];
            }
            matrix.writeRow(firstRow + r, row, row.length);
        }
    }

    /** A matrix full of one value. */
    public static Matrix filled(MatrixAllocator memory, int rows, int columns, double value) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.fill(row, value);
        }
        return of(memory, values);
    }

    /** Its values, row by row. */
    public static double[][] values(Weight weight) {
        Matrix matrix = rowByRow(weight);
        double[][] values = new double[(int) matrix.rows()][matrix.columns()];
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < values.length; r++) {
            matrix.readRow(r, row, row.length);
            for (int c = 0; c < row.length; c++) {
                values[r][c] = row[c];
            }
        }
        return values;
    }

    /** Its bits, row by row: two matrices are the same to the last bit if these are equal. */
    public static int[][] bits(Weight weight) {
        Matrix matrix = rowByRow(weight);
        int[][] bits = new int[(int) matrix.rows()][matrix.columns()];
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < bits.length; r++) {
            matrix.readRow(r, row, row.length);
            for (int c = 0; c < row.length; c++) {
                bits[r][c] = Float.floatToRawIntBits(row[c]);
            }
        }
        return bits;
    }
}
