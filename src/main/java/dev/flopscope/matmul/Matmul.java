package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The port through which every matrix product of a pass goes. Another engine (a GPU, another BLAS) goes behind it, and
 * counting and timing go around it.
 *
 * <p>Implementations may be called from several threads at once.
 */
public interface Matmul {
    /**
     * Computes {@code result = left · right}, or {@code left · rightᵀ}.
     *
     * @param site where in the model the product is
     * @param left rank 2, (m, k)
     * @param right rank 2, (k, n); or (n, k) if it is to be transposed
     * @param rightIs whether {@code right} is used as it is or transposed
     * @param result rank 2, (m, n); overwritten
     * @throws IllegalArgumentException if the extents do not fit each other
     */
    void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result);

    /**
     * Computes {@code result = left · weightᵀ} for a weight that this engine has laid out, or that lies row by row.
     *
     * @param site where in the model the product is
     * @param left rank 2, (m, k)
     * @param weight (n, k)
     * @param result rank 2, (m, n); overwritten
     * @throws IllegalArgumentException if the extents do not fit each other, or the layout is another engine's
     */
    default void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        if (!(weight instanceof Matrix matrix)) {
            throw new IllegalArgumentException(site + ": not a layout this engine reads: " + weight);
        }
        multiply(site, left, matrix.array(), Right.TRANSPOSED, result);
    }

    /**
     * Runs work that multiplies on several threads at once, each product on one thread. Products outside such work may use
     * all threads for one.
     *
     * @param threads how many threads multiply at once
     * @param work what to run, on this thread; it has the others at its command
     */
    default void sideBySide(int threads, Runnable work) {
        work.run();
    }

    /** How the right operand is read. */
    enum Right {
        /** (k, n). */
        AS_IS,
        /** (n, k): the layout of weights, [out, in], which BLAS also likes better. */
        TRANSPOSED
    }
}
