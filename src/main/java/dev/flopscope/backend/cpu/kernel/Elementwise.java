package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.config.Activation;

/**
 * Functions of single elements, over whole rows: the part of what happens between products where generated code beats what
 * Java's compiler makes of a loop. May be called from several threads at once, on rows of their own.
 */
public interface Elementwise {
    /**
     * Exponentials: {@code result = exp(source)}. Overflow gives infinity or the largest values, underflow 0 or the
     * smallest; in between the relative error is below 2⁻²⁰. What NaN gives is not defined: in attention it still shows, by the
     * values, which come from the same row.
     *
     * @param source its first {@code rows} rows are read
     * @param result of the same width; its first rows are overwritten; may be {@code source}
     * @param rows how many
     */
    void exp(Matrix source, Matrix result, int rows);

    /**
     * A non-linearity, in place.
     *
     * @param matrix its rows from {@code from} (inclusive) to {@code to} (exclusive) are overwritten
     * @param from first row
     * @param to row after the last
     */
    void activate(Activation activation, Matrix matrix, long from, long to);
}
