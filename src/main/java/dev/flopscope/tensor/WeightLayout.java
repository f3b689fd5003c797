package dev.flopscope.tensor;

import java.util.function.Consumer;

/** Makes weights in the layout that an engine's products read. */
public interface WeightLayout extends AutoCloseable {
    /**
     * Makes one weight.
     *
     * @param rows its rows, [out]
     * @param columns its columns, [in]
     * @param fill writes every element, row by row; what it is handed is not used afterwards
     */
    Weight lay(long rows, int columns, Consumer<Matrix> fill);

    /** Frees what making weights needed; the weights stay. */
    @Override
    default void close() {}

    /** Row by row in memory of {@code allocator}: each weight is a {@link Matrix}. */
    static WeightLayout rowByRow(MatrixAllocator allocator) {
        return (rows, columns, fill) -> {
            Matrix matrix = allocator.allocate(rows, columns);
            fill.accept(matrix);
            return matrix;
        };
    }
}
