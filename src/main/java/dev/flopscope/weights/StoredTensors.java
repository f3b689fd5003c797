package dev.flopscope.weights;

import java.util.List;
import java.util.Set;

/** The tensors of a checkpoint, by the names that it calls them. */
public interface StoredTensors {
    /** All names. */
    Set<String> names();

    /**
     * The extents of a tensor.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    List<Long> shape(String name);

    /**
     * Reads elements as float32; from any thread, and several at once.
     *
     * @param first the first element, counted row by row
     * @param step from one element to the next
     * @param values as many as are read; overwritten
     */
    void read(String name, long first, long step, float[] values);
}
