package dev.flopscope.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A product of row-major matrices by oneDNN's sgemm, for which nothing is made ready: for extents that do not come again,
 * such as those of a decoded token's attention, where generating code takes longer than the product.
 *
 * @param m rows of the left operand
 * @param k the extent summed over
 * @param n columns of the result
 * @param leftRow elements from one row of the left operand (m, k) to the next
 * @param rightRow elements from one row of the right operand, (k, n) or transposed (n, k), to the next
 * @param transposed whether the right operand is (n, k)
 * @param resultRow elements from one row of the result to the next
 */
public record PlainProduct(long m, long k, long n, long leftRow, long rightRow, boolean transposed, long resultRow) {
    private static final byte AS_IT_IS = 'N';
    private static final byte TRANSPOSED = 'T';

    /** Multiplies the operands at these addresses, on this thread alone. */
    public void multiply(OneDnn library, long left, long right, long result) {
        library.useThreads(1);
        OneDnn.check(
                "dnnl_sgemm",
                dnnl_sgemm(
                        AS_IT_IS,
                        transposed ? TRANSPOSED : AS_IT_IS,
                        m,
                        n,
                        k,
                        1f,
                        at(left),
                        leftRow,
                        at(right),
                        rightRow,
                        0f,
                        at(result),
                        resultRow));
    }

    private static FloatPointer at(long address) {
        return new FloatPointer(new OneDnn.Address().at(address));
    }
}
