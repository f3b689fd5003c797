package dev.flopscope.backend;

import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.RoutingConfig;
import dev.flopscope.witness.ReferenceOperators;
import java.util.List;
import java.util.Optional;

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

    @Override
    public void layerNorm(Tensor input, Tensor gain, Tensor bias, double epsilon, Tensor output) {
        ArrayTensor x = ArrayTensor.of(input);
        ArrayTensor g = ArrayTensor.of(gain);
        ArrayTensor b = ArrayTensor.of(bias);
        ArrayTensor y = ArrayTensor.of(output);
        int columns = (int) x.columns();
        for (int row = 0; row < x.rows(); row++) {
            double mean = 0;
            for (int column = 0; column < columns; column++) {
                mean += x.get(row, column) / columns;
            }
            double variance = 0;
            for (int column = 0; column < columns; column++) {
                variance += (x.get(row, column) - mean) * (x.get(row, column) - mean) / columns;
            }
            for (int column = 0; column < columns; column++) {
                double normal = (x.get(row, column) - mean) / Math.sqrt(variance + epsilon);
                y.set(row, column, normal * g.get(0, column) + b.get(0, column));
            }
        }
    }

    private static void each(Tensor matrix, Change change) {
        ArrayTensor x = ArrayTensor.of(matrix);
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                x.set(row, column, change.of(x.get(row, column), column));
            }
        }
    }

    private interface Change {
        double of(double value, int column);
    }

    @Override
    public void addBias(Tensor matrix, Tensor bias) {
        each(matrix, (value, column) -> value + ArrayTensor.of(bias).get(0, column));
    }

    @Override
    public void scale(Tensor matrix, float factor) {
        each(matrix, (value, column) -> value * factor);
    }

    @Override
    public void softCap(Tensor matrix, double cap) {
        each(matrix, (value, column) -> cap * Math.tanh(value / cap));
    }

    @Override
    public void clear(Tensor matrix) {
        each(matrix, (value, column) -> 0);
    }

    @Override
    public Routing route(Tensor logits, RoutingConfig config, int perToken, Optional<Tensor> correction) {
        double[][] rows = ArrayBackend.values(logits);
        double[] added =
                correction.map(vector -> ArrayBackend.values(vector)[0]).orElse(new double[0]);
        return Routing.of(config, perToken, added, rows.length, row -> rows[row]);
    }

    @Override
    public void addRows(Tensor terms, int[] rows, double[] weights, Tensor sums) {
        ArrayTensor x = ArrayTensor.of(sums);
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < x.columns(); column++) {
                double term = weights[row] * ArrayTensor.of(terms).get(row, column);
                x.set(rows[row], column, x.get(rows[row], column) + term);
            }
        }
    }

    @Override
    public void copyColumns(Tensor source, HeadColumns from, Tensor destination, HeadColumns to, int width, int heads) {
        ArrayTensor x = ArrayTensor.of(source);
        for (int row = 0; row < x.rows(); row++) {
            for (int head = 0; head < heads; head++) {
                for (int column = 0; column < width; column++) {
                    double value = x.get(row, from.first() + head * from.step() + column);
                    ArrayTensor.of(destination).set(row, to.first() + head * to.step() + column, value);
                }
            }
        }
    }

    /** The frequencies and the width of a head: angles are worked out where they are used. */
    record Angles(int positions, int headDim, List<Double> frequencies, double amplitude) implements RotaryTable {}

    @Override
    public void rotate(Tensor matrix, RotaryTable table, Chunk chunk, float scale) {
        ArrayTensor x = ArrayTensor.of(matrix);
        Angles angles = (Angles) table;
        int half = angles.frequencies().size();
        for (int row = 0; row < x.rows(); row++) {
            int position = chunk.past() + row % chunk.queries();
            for (int column = 0; column < x.columns(); column++) {
                int pair = column % angles.headDim();
                if (pair >= 2 * half) {
                    x.set(row, column, scale * x.get(row, column));
                } else if (pair < half) {
                    double angle = position * angles.frequencies().get(pair);
                    double length = scale * angles.amplitude();
                    double first = x.get(row, column);
                    double second = x.get(row, column + half);
                    x.set(row, column, length * (first * Math.cos(angle) - second * Math.sin(angle)));
                    x.set(row, column + half, length * (second * Math.cos(angle) + first * Math.sin(angle)));
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
            }
            for (int column = 0; column < values.columns(); column++) {
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

    @Override
    public void limitGate(Tensor gate, Tensor up, double limit) {
        ArrayTensor x = ArrayTensor.of(gate);
        ArrayTensor y = ArrayTensor.of(up);
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                x.set(row, column, x.get(row, column) > limit ? limit : x.get(row, column));
                double factor = y.get(row, column);
                y.set(row, column, 1 + (Math.abs(factor) > limit ? Math.signum(factor) * limit : factor));
            }
        }
    }

    private static double activated(Activation activation, double x) {
        return switch (activation) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU_TANH -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case GELU -> ReferenceOperators.normal(x) * x;
        };
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
