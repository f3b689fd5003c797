package dev.flopscope;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Tensors from and to plain arrays, by nothing but what every backend offers. */
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

    /** {@code rows} × {@code columns} of one value. */
    public static double[][] constant(int rows, int columns, double value) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.fill(row, value);
        }
        return values;
    }

    /** {@code values}, for a loader. */
    public static RowSource rows(double[][] values) {
        return (row, destination) -> {
            for (int column = 0; column < destination.length; column++) {
                destination[column] = (float) values[(int) row][column];
            }
        };
    }

    /** A table that holds {@code values} rounded to float32. */
    public static Tensor table(Backend backend, Allocator memory, double[][] values) {
        try (TensorLoader loader = backend.loader(memory)) {
            return loader.table(values.length, values[0].length, rows(values));
        }
    }

    /** A weight [out, in] that holds {@code values} rounded to float32, in whatever layout the backend likes. */
    public static Tensor weight(Backend backend, Allocator memory, double[][] values) {
        try (TensorLoader loader = backend.loader(memory)) {
            return loader.weight(values.length, values[0].length, rows(values));
        }
    }

    /** A tensor of an allocator that holds {@code values} rounded to float32. */
    public static Tensor of(Backend backend, Allocator memory, double[][] values) {
        Tensor tensor = memory.zeros(values.length, values[0].length);
        write(backend, tensor, values);
        return tensor;
    }

    /** Overwrites all of a tensor of an allocator. */
    public static void write(Backend backend, Tensor tensor, double[][] values) {
        try (Allocator own = backend.allocator()) {
            int[] rows = IntStream.range(0, values.length).toArray();
            backend.operators().gather(table(backend, own, values), rows, tensor);
        }
    }

    /** A tensor of an allocator full of one value. */
    public static Tensor filled(Backend backend, Allocator memory, int rows, int columns, double value) {
        return of(backend, memory, constant(rows, columns, value));
    }

    /** Its values, row by row, of a tensor of an allocator or of a table. */
    public static double[][] values(Backend backend, Tensor tensor) {
        double[][] values = new double[(int) tensor.rows()][(int) tensor.columns()];
        float[] row = new float[(int) tensor.columns()];
        for (int r = 0; r < values.length; r++) {
            backend.readRow(tensor, r, row);
            for (int c = 0; c < row.length; c++) {
                values[r][c] = row[c];
            }
        }
        return values;
    }

    /** Its bits, row by row: two tensors are the same to the last bit if these are equal. */
    public static int[][] bits(Backend backend, Tensor tensor) {
        return Arrays.stream(values(backend, tensor))
                .map(row -> Arrays.stream(row)
                        .mapToInt(value -> Float.floatToRawIntBits((float) value))
                        .toArray())
                .toArray(int[][]::new);
    }
}
