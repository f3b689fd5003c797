package dev.flopscope.tensor;

/**
 * A weight matrix [out, in], laid out once for the product that reads it: {@code x · Wᵀ}.
 *
 * <p>A {@link Matrix} is one, row by row. An engine may have a layout of its own, which only it can read.
 */
public interface Weight {
    /** Rows, the width of what the product writes. */
    long rows();

    /** Columns, the width of what the product reads. */
    int columns();

    /** Elements of the matrix, not counting what a layout may add to fill its blocks. */
    default long size() {
        return rows() * columns();
    }
}
