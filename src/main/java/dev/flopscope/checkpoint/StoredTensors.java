package dev.flopscope.checkpoint;

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
     * Reads adjacent elements as float32; from any thread, and several at once.
     *
     * @param first the first element, counted row by row
     * @param values as many as are read; overwritten
     * @throws dev.flopscope.config.BadDataException if the tensor has no float elements, or cannot be read any more
     */
    void read(String name, long first, float[] values);
}
