package dev.flopscope.weights;

import dev.flopscope.backend.RowSource;
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
    /** The rows of the parameter. */
    RowSource rows(StoredTensors tensors) {
        long width = shape.get(shape.size() - 1);
        return (number, values) -> {
            long at = row.applyAsLong(number);
            if (shape.size() == 1) {
                readVector(tensors, values);
            } else if (transposed) {
                tensors.read(name, at, width, values);
            } else {
                tensors.read(name, at * width, 1, values);
            }
            if (plus != 0) {
                for (int i = 0; i < values.length; i++) {
                    values[i] += plus;
                }
            }
        };
    }

    /** A bias, whose elements are where the rows of its matrix are. */
    private void readVector(StoredTensors tensors, float[] values) {
        float[] whole = new float[Math.toIntExact(shape.get(0))];
        tensors.read(name, 0, 1, whole);
        for (int i = 0; i < values.length; i++) {
            values[i] = whole[Math.toIntExact(row.applyAsLong(i))];
        }
    }
}
