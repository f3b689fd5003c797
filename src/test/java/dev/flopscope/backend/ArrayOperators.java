package dev.flopscope.backend;

import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;

/** What lies between products, by double loops in float64. */
final class ArrayOperators implements Operators {
    @Override
    public void gather(Tensor table, int[] rows, Tensor result) {
        ArrayTensor from = ArrayTensor.of(table);
        ArrayTensor to = ArrayTensor.of(result);
        for (int row = 0; row < rows.length; row++) {
            if (rows[row] < 0 || rows[row] >= from.rows()) {
                throw new IndexOutOfBoundsException("row " + rows[row] + " of " + from.rows());
            }
            for (int column = 0; column < from.columns(); column++) {
                to.set(row, column, from.get(rows[row], column));
            }
        }
    }

    @Override
    public void rmsNorm(Tensor input, Tensor gain, double epsilon, Tensor output) {
        ArrayTensor x = ArrayTensor.of(input);
        ArrayTensor g = ArrayTensor.of(gain);
        ArrayTensor y = ArrayTensor.of(output);
        for (int row = 0; row < x.rows(); row++) {
            double squares = 0;
            for (int column = 0; column < x.columns(); column++) {
                squares += x.get(row, column) * x.get(row, column);
            }
            double root = Math.sqrt(squares / x.columns() + epsilon);
            for (int column = 0; column < x.columns(); column++) {
                y.set(row, column, x.get(row, column) / root * g.get(0, column));
            }
        }
    }

    /** The base of the frequencies and the width of a head: angles are worked out where they are used. */
    record Angles(int positions, int headDim, double theta) implements RotaryTable {}

    @Override
    public void rotate(Tensor matrix, RotaryTable table, Chunk chunk, float scale) {
        ArrayTensor x = ArrayTensor.of(matrix);
        Angles angles = (Angles) table;
        int half = angles.headDim() / 2;
        for (int row = 0; row < x.rows(); row++) {
            int position = chunk.past() + row % chunk.queries();
            for (int column = 0; column < x.columns(); column++) {
                int pair = column % angles.headDim();
                if (pair < half) {
                    double angle = position / Math.pow(angles.theta(), 2.0 * pair / angles.headDim());
                    double first = x.get(row, column);
                    double second = x.get(row, column + half);
                    x.set(row, column, scale * (first * Math.cos(angle) - second * Math.sin(angle)));
                    x.set(row, column + half, scale * (second * Math.cos(angle) + first * Math.sin(angle)));
                }
            }
        }
    }

    @Override
    public void append(KeyValues cache, Tensor keys, Tensor values, Chunk chunk) {
        ArrayKeyValues kept = (ArrayKeyValues) cache;
        for (int row = 0; row < chunk.rows(); row++) {
            int to = row / chunk.queries() * kept.capacity() + chunk.past() + row % chunk.queries();
            for (int column = 0; column < keys.columns(); column++) {
                kept.keys().set(to, column, ArrayTensor.of(keys).get(row, column));
                kept.values().set(to, column, ArrayTensor.of(values).get(row, column));
            }
        }
    }

    @Override
    public void activate(Activation activation, Tensor matrix) {
        ArrayTensor x = ArrayTensor.of(matrix);
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                x.set(row, column, activated(activation, x.get(row, column)));
            }
        }
    }

    @Override
    public void gate(Activation activation, Tensor gate, Tensor up) {
        ArrayTensor x = ArrayTensor.of(gate);
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                double opened = activated(activation, x.get(row, column));
                x.set(row, column, opened * ArrayTensor.of(up).get(row, column));
            }
        }
    }

    private static double activated(Activation activation, double x) {
        return activation == Activation.SILU
                ? x / (1 + Math.exp(-x))
                : x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    @Override
    public void add(Tensor stream, Tensor update) {
        ArrayTensor x = ArrayTensor.of(stream);
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                x.set(row, column, x.get(row, column) + ArrayTensor.of(update).get(row, column));
            }
        }
    }
}
