package dev.flopscope.backend;

/** Allocates tensors of a backend, frees them together, and knows how many bytes it gave. */
public interface Allocator extends AutoCloseable {
    /**
     * A tensor of zeros, all of whose memory has been touched.
     *
     * @throws OutOfMemoryError if there is no memory for it
     */
    Tensor zeros(long rows, long columns);

    /** Bytes given since the last {@link #close}. */
    long allocatedBytes();

    /** Frees every tensor that this allocated; using one afterwards is an error that nothing catches. */
    @Override
    void close();
}
