package dev.flopscope.backend;

import java.util.function.LongConsumer;

/** Reads operands and results of products, for whoever checks them. May be called from several threads at once. */
public interface OperandReader {
    /** Whether rows of a tensor can be read: those of a weight in a layout of its own cannot. */
    boolean isReadable(Tensor tensor);

    /**
     * Copies a row of a readable tensor.
     *
     * @param destination at least as long as the tensor has columns
     */
    void readRow(Tensor tensor, long row, float[] destination);

    /** Overwrites a row of a tensor of an allocator. */
    void writeRow(Tensor tensor, long row, float[] source);

    /**
     * Does the tasks from 0 to {@code tasks} and waits: on all threads of the backend, or on the calling one alone where the
     * others are at work already.
     */
    void share(long tasks, LongConsumer task);
}
