package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_clone;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** A product made ready: code generated for its extents and strides. For the thread that made it. */
public final class Product {
    private final Primitive primitive;

    /**
     * Makes it ready.
     *
     * @param threads how many it will use
     * @param left of (m, k)
     * @param right of (k, n)
     * @param result of (m, n)
     */
    public Product(
            OneDnn library, int threads, dnnl_memory_desc left, dnnl_memory_desc right, dnnl_memory_desc result) {
        library.useThreads(threads);
        this.primitive = new Primitive(
                library,
                describe(library, left, right, result),
                new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
                new dnnl_memory_desc[] {left, right, result});
    }

    private static dnnl_primitive_desc describe(
            OneDnn library, dnnl_memory_desc left, dnnl_memory_desc right, dnnl_memory_desc result) {
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        dnnl_memory_desc noBias = null;
        dnnl_primitive_attr plain = null;
        OneDnn.check(
                "dnnl_matmul_primitive_desc_create",
                dnnl_matmul_primitive_desc_create(description, library.engine(), left, right, noBias, result, plain));
        return description;
    }

    /** The layout oneDNN likes best for the right operand (k, n) of products with m rows. */
    static dnnl_memory_desc bestLayout(OneDnn library, long m, long k, long n) {
        dnnl_primitive_desc description =
                describe(library, OneDnn.matrix(m, k, k, 1), OneDnn.matrixOfAnyLayout(k, n), OneDnn.matrix(m, n, n, 1));
        dnnl_memory_desc best = new dnnl_memory_desc();
        OneDnn.check(
                "dnnl_memory_desc_clone",
                dnnl_memory_desc_clone(best, dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0)));
        dnnl_primitive_desc_destroy(description);
        return best;
    }

    /** Multiplies the operands at these addresses. */
    public void multiply(long left, long right, long result) {
        primitive.execute(left, right, result);
    }
}
