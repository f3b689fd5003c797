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
 * @param entry which entry of the tensor's first dimension holds the parameter, where a tensor holds those of several experts;
 *     −1 where the whole tensor does
 * @param row which stored row, or column, a row of the parameter is
 * @param transposed whether the tensor is [in, out]
 * @param plus what is added to every element: 1 for gains that are stored as their difference from it
 */
record StoredPart(String name, List<Long> shape, int entry, LongUnaryOperator row, boolean transposed, float plus) {
    /** The rows of the parameter, which is not transposed. */
    RowSource rows(StoredTensors tensors) {
        List<Long> extents = extents();
        long width = extents.get(extents.size() - 1);
        long first = first();
        return plus(
                extents.size() == 1
                        ? (number, values) -> readVector(tensors, values)
                        : (number, values) -> tensors.read(name, first + row.applyAsLong(number) * width, values));
    }

    /**
     * The columns of the parameter, which is transposed. What lies between its elements in a stored row is read and left out.
     *
     * @param rows how many rows it has
     */
    RowSource columns(StoredTensors tensors, int rows) {
        long width = extents().get(1);
        long first = first();
        int begin = Math.toIntExact(row.applyAsLong(0));
        int span = Math.toIntExact(row.applyAsLong(rows - 1L)) - begin + 1;
        if (span == rows) {
            return plus((input, values) -> tensors.read(name, first + input * width + begin, values));
        }
        return plus((input, values) -> {
            float[] stored = new float[span];
            tensors.read(name, first + input * width + begin, stored);
            for (int output = 0; output < rows; output++) {
                values[output] = stored[Math.toIntExact(row.applyAsLong(output)) - begin];
            }
        });
    }

    /** The extents of the entry. */
    private List<Long> extents() {
        return entry < 0 ? shape : shape.subList(1, shape.size());
    }

    /** The first element of the entry. */
    private long first() {
        return Math.max(0, entry) * extents().stream().reduce(1L, Math::multiplyExact);
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

    /** A bias, whose elements are where the rows of its matrix are. */
    private void readVector(StoredTensors tensors, float[] values) {
        float[] whole = new float[Math.toIntExact(extents().get(0))];
        tensors.read(name, first(), whole);
        for (int i = 0; i < values.length; i++) {
            values[i] = whole[Math.toIntExact(row.applyAsLong(i))];
        }
    }
}
