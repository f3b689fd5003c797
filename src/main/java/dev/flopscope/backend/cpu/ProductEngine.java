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
import java.util.function.Consumer;

/** A library that multiplies, and what goes with it. */
interface ProductEngine {
    /** Its products. */
    Products products();

    /** See {@link dev.flopscope.backend.Backend#prepare}. */
    void prepare(Consumer<Products> rehearsal);

    /** How many things have been made that are made once, such as code for a shape, on all threads together. */
    long prepared();

    /**
     * Runs work that multiplies on several threads at once, each product on one thread. Products outside such work may use
     * all threads for one.
     *
     * @param recurring whether their extents come again; those of a decoded token's attention do not, since each token attends
     *     to one position more
     * @param work what to run, on this thread; it has the others at its command
     */
    void eachOnOneThread(boolean recurring, Runnable work);

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
