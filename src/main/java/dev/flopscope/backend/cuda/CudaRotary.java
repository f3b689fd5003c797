package dev.flopscope.backend.cuda;

import dev.flopscope.backend.RotaryTable;

/**
 * Cosines and sines of every position, times the amplitude.
 *
 * @param cosines (positions, frequencies)
 * @param sines (positions, frequencies)
 * @param positions how many
 * @param headDim d
 * @param frequencies how many pairs of columns are turned; there may be none
 */
record CudaRotary(CudaTensor cosines, CudaTensor sines, int positions, int headDim, int frequencies)
        implements RotaryTable {
    /**
     * A table of this backend.
     *
     * @throws IllegalArgumentException if it is another's
     */
    static CudaRotary of(RotaryTable table) {
        return Own.of(CudaRotary.class, table, "a table");
    }
}
