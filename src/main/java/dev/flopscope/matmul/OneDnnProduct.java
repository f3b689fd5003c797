package dev.flopscope.matmul;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_clone;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_wait;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/**
 * One product made ready: code generated for its extents and strides. Used by the thread that made it, on operands at any
 * address.
 */
final class OneDnnProduct {
    private final dnnl_stream stream;
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final dnnl_memory left;
    private final dnnl_memory right;
    private final dnnl_memory result;
    private final dnnl_exec_arg_t arguments;
    private final OneDnn.Address address = new OneDnn.Address();

    /**
     * Makes it ready.
     *
     * @param left of (m, k)
     * @param right of (k, n)
     * @param result of (m, n)
     */
    OneDnnProduct(
            OneDnn library,
            dnnl_stream stream,
            dnnl_memory_desc left,
            dnnl_memory_desc right,
            dnnl_memory_desc result) {
        this.stream = stream;
        dnnl_primitive_desc description = describe(library, left, right, result);
        OneDnn.check("dnnl_primitive_create", dnnl_primitive_create(primitive, description));
        dnnl_primitive_desc_destroy(description);
        this.left = library.memory(left);
        this.right = library.memory(right);
        this.result = library.memory(result);
        this.arguments = OneDnn.arguments(
                new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
                new dnnl_memory[] {this.left, this.right, this.result});
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
    void multiply(long leftAddress, long rightAddress, long resultAddress) {
        set(left, leftAddress);
        set(right, rightAddress);
        set(result, resultAddress);
        OneDnn.check("dnnl_primitive_execute", dnnl_primitive_execute(primitive, stream, 3, arguments));
        OneDnn.check("dnnl_stream_wait", dnnl_stream_wait(stream));
    }

    private void set(dnnl_memory memory, long where) {
        OneDnn.check("dnnl_memory_set_data_handle", dnnl_memory_set_data_handle(memory, address.at(where)));
    }
}
