package dev.flopscope.backend;

import java.util.function.LongConsumer;

/** Reads operands and results of products, for whoever checks them. May be called from several threads at once. */
public interface OperandReader {
    /** Whether rows of a tensor can be read: those of a weight in a layout of its own cannot. */
    boolean isReadable(Tensor tensor);

    /**
     * Copies adjacent elements of adjacent rows of a readable tensor, each row cut into pieces.
     *
     * @param rows how many rows from {@code firstRow} on
     * @param columns how many elements of each from {@code firstColumn} on
     * @param pieces overwritten one after the other, from its beginning; what remains of a row that does not fill its last piece
     *     is left as it was, and so are pieces that are not needed
     * @throws IndexOutOfBoundsException if there are no such elements, or not enough pieces
     */
    void read(Tensor tensor, long firstRow, int rows, int firstColumn, int columns, float[][] pieces);

    /**
     * Does the tasks from 0 to {@code tasks} and waits: on all threads of the backend, or on the calling one alone where the
     * others are at work already.
     */
    void share(long tasks, LongConsumer task);
}
