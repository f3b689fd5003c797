package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cuda.driver.Gemm.Operand;

/**
 * A float32 matrix in a device's memory, or several of one shape at equal distances.
 *
 * @param pointer the address of the first element
 * @param rows rows of each
 * @param columns columns of each
 * @param leading elements from a row to the next, at least as many as columns
 * @param stride elements from a matrix to the next; 0 if all are the same
 * @param batch how many
 */
record CudaTensor(long pointer, long rows, long columns, long leading, long stride, long batch) implements Tensor {
    /** One matrix whose rows follow each other without a gap. */
    static CudaTensor dense(long pointer, long rows, long columns) {
        return new CudaTensor(pointer, rows, columns, columns, 0, 1);
    }

    /**
     * A tensor of this backend.
     *
     * @throws IllegalArgumentException if it is another's
     */
    static CudaTensor of(Tensor tensor) {
        return Own.of(CudaTensor.class, tensor, "a tensor");
    }

    /** The address of a row of the first matrix. */
    long row(long row) {
        return pointer + row * leading * Float.BYTES;
    }

    /** What cuBLAS takes. */
    Operand operand() {
        return new Operand(pointer, rows, columns, leading, stride, batch);
    }
}
