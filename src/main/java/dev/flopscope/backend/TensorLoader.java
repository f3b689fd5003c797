package dev.flopscope.backend;

/** Makes parameters. */
public interface TensorLoader extends AutoCloseable {
    /**
     * A weight [out, in] in the layout that {@link Products#project} reads best.
     *
     * @param rows its rows, [out]
     * @param columns its columns, [in]
     * @param source what is in it
     * @throws OutOfMemoryError if there is no memory for it
     */
    Tensor weight(long rows, long columns, RowSource source);

    /**
     * The same weight [out, in] where it is stored as [in, out]: its columns are given. Where a layout does not go column by column,
     * the whole weight is kept in Java's heap for a while.
     *
     * @param rows its rows, [out]
     * @param columns its columns, [in]
     * @param source what is in each of its columns
     * @throws OutOfMemoryError if there is no memory for it
     */
    default Tensor transposedWeight(long rows, long columns, RowSource source) {
        return weight(rows, columns, new TransposedRows(rows, columns, source));
    }

    /**
     * A table whose rows are read one by one, such as an embedding or the gains of a norm; {@link Products#project} reads it
     * as well.
     *
     * @param rows its rows
     * @param columns its columns
     * @param source what is in it
     * @throws OutOfMemoryError if there is no memory for it
     */
    Tensor table(long rows, long columns, RowSource source);

    /** Frees what making parameters needed; the parameters stay. */
    @Override
    void close();
}
