package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;

import dev.flopscope.backend.cpu.memory.Block;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Products of row-major matrices by oneDNN's sgemm, for which nothing is made ready: for extents that do not come again, such
 * as those of a decoded token's attention, where generating code takes longer than the product.
 */
public final class PlainProduct {
    private static final byte AS_IT_IS = 'N';
    private static final byte TRANSPOSED = 'T';

    private PlainProduct() {}

    /**
     * Multiplies on this thread alone.
     *
     * @param left (m, k)
     * @param right (k, n), or (n, k) if it is to be transposed
     * @param result (m, n); overwritten
     */
    public static void multiply(OneDnn library, Block left, Block right, boolean transposed, Block result) {
        library.useThreads(1);
        OneDnn.check(
                "dnnl_sgemm",
                dnnl_sgemm(
                        AS_IT_IS,
                        transposed ? TRANSPOSED : AS_IT_IS,
                        result.rows(),
                        result.columns(),
                        left.columns(),
                        1f,
                        elements(left),
                        left.rowStride(),
                        elements(right),
                        right.rowStride(),
                        0f,
                        elements(result),
                        result.rowStride()));
    }

    private static FloatPointer elements(Block block) {
        return new FloatPointer(new OneDnn.Address().at(block.address()));
    }
}
