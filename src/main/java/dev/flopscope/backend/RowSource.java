package dev.flopscope.backend;

/** Says what is in each row of a tensor that is being made. */
@FunctionalInterface
public interface RowSource {
    /**
     * Writes one row. A backend may ask for rows in any order and from several threads at once.
     *
     * @param row its number, from 0
     * @param values as long as the tensor has columns; every element is overwritten
     */
    void fill(long row, float[] values);
}
