package dev.flopscope.backend.cpu;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.kernel.Elementwise;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.Blas;

/** A library that multiplies, and what goes with it. */
interface ProductEngine {
    /** Its products. */
    Products products();

    /** What makes them ready, see {@link dev.flopscope.backend.Backend#preparation}. */
    Products preparation();

    /**
     * Runs work that multiplies on several threads at once, each product on one thread. Products outside such work may use
     * all threads for one.
     *
     * @param work what to run, on this thread; it has the others at its command
     */
    void eachOnOneThread(Runnable work);

    /** Exponentials and the like, as fast as the library has them. */
    Elementwise elementwise();

    /** The library, as it describes itself. */
    Blas library();

    /** Makes parameters for it, in {@code memory}. */
    TensorLoader loader(MatrixAllocator memory);

    /**
     * {@code tensor} as an operand.
     *
     * @throws IllegalArgumentException if it is a layout that only another engine reads
     */
    static Block operand(MatmulSite site, Tensor tensor) {
        if (tensor instanceof Block block) {
            return block;
        }
        throw new IllegalArgumentException(site + ": not a layout this engine reads: " + tensor);
    }

    /**
     * Checks the extents of a product.
     *
     * @throws IllegalArgumentException if they do not fit each other
     */
    static void requireFitting(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        long k = rightIs == Right.TRANSPOSED ? right.columns() : right.rows();
        long n = rightIs == Right.TRANSPOSED ? right.rows() : right.columns();
        if (left.columns() != k || result.rows() != left.rows() || result.columns() != n) {
            throw new IllegalArgumentException(site + ": extents do not fit: left " + left.rows() + "×"
                    + left.columns() + ", right " + k + "×" + n + ", result " + result.rows() + "×"
                    + result.columns());
        }
    }
}
