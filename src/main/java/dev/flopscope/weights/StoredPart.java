package dev.flopscope.weights;

import dev.flopscope.backend.RowSource;
import dev.flopscope.checkpoint.StoredTensors;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Where a parameter is in a stored tensor: which of its rows, or of its columns where it is stored transposed.
 *
 * @param name the tensor
 * @param shape the extents that it must have
 * @param row which stored row, or column, a row of the parameter is
 * @param transposed whether the tensor is [in, out]
 * @param plus what is added to every element: 1 for gains that are stored as their difference from it
 */
record StoredPart(String name, List<Long> shape, LongUnaryOperator row, boolean transposed, float plus) {
    /**
     * The rows of the parameter.
     *
     * @param rows how many there are
     */
    RowSource rows(StoredTensors tensors, int rows) {
        if (transposed) {
            return plus(turned(tensors, rows));
        }
        long width = shape.get(shape.size() - 1);
        return plus(
                shape.size() == 1
                        ? (number, values) -> readVector(tensors, values)
                        : (number, values) -> tensors.read(name, row.applyAsLong(number) * width, values));
    }

    private RowSource plus(RowSource source) {
        return plus == 0
                ? source
                : (number, values) -> {
                    source.fill(number, values);
                    for (int i = 0; i < values.length; i++) {
                        values[i] += plus;
                    }
                };
    }

    /** Turns a tensor [in, out] around in memory, as it is read once, row by row; its columns would be read one by one. */
    private RowSource turned(StoredTensors tensors, int rows) {
        int inputs = Math.toIntExact(shape.get(0));
        long width = shape.get(1);
        float[][] turned = new float[rows][inputs];
        float[] stored = new float[rows];
        for (int input = 0; input < inputs; input++) {
            // The rows of a part lie side by side in every tensor that is stored this way.
            tensors.read(name, input * width + row.applyAsLong(0), stored);
            for (int output = 0; output < rows; output++) {
                turned[output][input] = stored[output];
            }
        }
        return (number, values) -> System.arraycopy(turned[Math.toIntExact(number)], 0, values, 0, inputs);
    }

    /** A bias, whose elements are where the rows of its matrix are. */
    private void readVector(StoredTensors tensors, float[] values) {
        float[] whole = new float[Math.toIntExact(shape.get(0))];
        tensors.read(name, 0, whole);
        for (int i = 0; i < values.length; i++) {
            values[i] = whole[Math.toIntExact(row.applyAsLong(i))];
        }
    }
}
