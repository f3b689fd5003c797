package dev.flopscope.backend;

import dev.flopscope.count.MatmulSite;

/**
 * The port through which every matrix product of a pass goes. An engine is behind it, and counting and timing go around it.
 *
 * <p>Implementations may be called from several threads at once.
 */
public interface Products {
    /**
     * Computes {@code result = left · right}, or {@code left · rightᵀ}.
     *
     * @param site where in the model the product is
     * @param left (m, k)
     * @param right (k, n); or (n, k) if it is to be transposed
     * @param rightIs whether {@code right} is used as it is or transposed
     * @param result (m, n); overwritten
     * @throws IllegalArgumentException if the extents do not fit each other
     */
    void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result);

    /**
     * Computes {@code result = left · weightᵀ} for a parameter that a {@link TensorLoader} of the same backend has made.
     *
     * @param site where in the model the product is
     * @param left (m, k)
     * @param weight (n, k)
     * @param result (m, n); overwritten
     * @throws IllegalArgumentException if the extents do not fit each other
     */
    void project(MatmulSite site, Tensor left, Tensor weight, Tensor result);

    /** How the right operand is read. */
    enum Right {
        /** (k, n). */
        AS_IS,
        /** (n, k). */
        TRANSPOSED
    }
}
