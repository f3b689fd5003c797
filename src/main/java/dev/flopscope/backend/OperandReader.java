package dev.flopscope.backend;

import java.util.function.LongConsumer;

/** Reads operands and results of products, for whoever checks them. May be called from several threads at once. */
public interface OperandReader {
    /** Whether rows of a tensor can be read: those of a weight in a layout of its own cannot. */
    boolean isReadable(Tensor tensor);

    /**
     * Copies {@code length} elements of a row of a readable tensor, from {@code firstColumn} on, to the beginning of
     * {@code destination}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is too short
     */
    void readRow(Tensor tensor, long row, int firstColumn, float[] destination, int length);

    /** Overwrites a row of a tensor of an allocator. */
    void writeRow(Tensor tensor, long row, float[] source);

    /**
     * Does the tasks from 0 to {@code tasks} and waits: on all threads of the backend, or on the calling one alone where the
     * others are at work already.
     */
    void share(long tasks, LongConsumer task);
}
