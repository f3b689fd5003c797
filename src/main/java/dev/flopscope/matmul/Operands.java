package dev.flopscope.matmul;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul.Right;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of operands: that they fit each other, how large they are, and where. */
final class Operands {
    private static final int MATRIX = 2;

    private Operands() {}

    static void requireFitting(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        if (left.rank() != MATRIX || right.rank() != MATRIX || result.rank() != MATRIX) {
            throw new IllegalArgumentException(site + ": operands must have rank 2: ranks " + left.rank() + ", "
                    + right.rank() + ", " + result.rank());
        }
        boolean transposed = rightIs == Right.TRANSPOSED;
        requireFitting(site, left, right.size(transposed ? 1 : 0), right.size(transposed ? 0 : 1), result);
    }

    /** The same for a right operand (k, n). */
    static void requireFitting(MatmulSite site, INDArray left, long k, long n, INDArray result) {
        if (left.size(1) != k || result.size(0) != left.size(0) || result.size(1) != n) {
            throw new IllegalArgumentException(site + ": extents do not fit: left " + left.size(0) + "×" + left.size(1)
                    + ", right " + k + "×" + n + ", result " + result.size(0) + "×" + result.size(1));
        }
    }

    /**
     * The extents of a product. The inner one is read from the left operand and the outer ones from the result, which is what
     * BLAS was really asked to fill.
     */
    static MatmulShape shape(INDArray left, INDArray result) {
        return new MatmulShape(result.size(0), left.size(1), result.size(1));
    }

    /** Where the first element of an array is; a view's buffer begins where its owner's does, with an offset. */
    static long address(INDArray array) {
        return array.data().address() + Float.BYTES * array.data().offset();
    }
}
