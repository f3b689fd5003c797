package dev.flopscope.checkpoint;

import java.util.List;

/**
 * What a header says of one tensor.
 *
 * @param name its name
 * @param type of its elements
 * @param shape its extents, none of a scalar
 * @param begin its first byte, counted from the end of the header
 * @param end the byte after its last
 */
record TensorEntry(String name, ElementType type, List<Long> shape, long begin, long end) {
    /** Keeps a copy of the list. */
    TensorEntry {
        shape = List.copyOf(shape);
    }
}
