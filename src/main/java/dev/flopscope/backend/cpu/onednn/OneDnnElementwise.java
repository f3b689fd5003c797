package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_swish;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;

import dev.flopscope.backend.cpu.kernel.Elementwise;
import dev.flopscope.backend.cpu.kernel.JavaElementwise;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.config.Activation;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** By code that oneDNN generates for the processor's vectors. Each call runs on the thread that makes it. */
public final class OneDnnElementwise implements Elementwise {
    private static final float QUICK_GELU_STEEPNESS = (float) Activation.QUICK_GELU_STEEPNESS;
    private static final float UNUSED = 0;

    private final OneDnn library;
    private final Elementwise inJava = new JavaElementwise();
    private final GeneratedCode<Call, Primitive> code = new GeneratedCode<>();

    /** One piece of code: what x is multiplied by within the logistic function matters to swish alone. */
    private record Call(int algorithm, float steepness, long elements) {}

    /** Uses a loaded library. */
    public OneDnnElementwise(OneDnn library) {
        this.library = library;
    }

    @Override
    public void exp(Matrix source, Matrix result, int rows) {
        apply(dnnl_eltwise_exp, UNUSED, rows * source.columns(), source.address(), result.address());
    }

    /** Swish by generated code. GELU stays in Java, where the error of each step is known. */
    @Override
    public void activate(Activation activation, Matrix matrix, long from, long to) {
        switch (activation) {
            case SILU -> swish(1, matrix, from, to);
            case QUICK_GELU -> swish(QUICK_GELU_STEEPNESS, matrix, from, to);
            case GELU_TANH, GELU -> inJava.activate(activation, matrix, from, to);
        }
    }

    private void swish(float steepness, Matrix matrix, long from, long to) {
        long columns = matrix.columns();
        long address = matrix.address() + from * columns * Float.BYTES;
        apply(dnnl_eltwise_swish, steepness, (to - from) * columns, address, address);
    }

    /** Makes ready on this thread what any thread has met. */
    public void prepare() {
        code.getAll();
    }

    /** How many pieces of code have been generated, on all threads together. */
    public long generated() {
        return code.made();
    }

    private void apply(int algorithm, float steepness, long elements, long source, long result) {
        Call call = new Call(algorithm, steepness, elements);
        code.get(call, () -> make(call)).execute(source, result);
    }

    private Primitive make(Call call) {
        library.useThreads(1);
        dnnl_memory_desc row = OneDnn.matrix(1, call.elements, call.elements, 1);
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        dnnl_primitive_attr plain = null;
        OneDnn.check(
                "dnnl_eltwise_forward_primitive_desc_create",
                dnnl_eltwise_forward_primitive_desc_create(
                        description,
                        library.engine(),
                        dnnl_forward_inference,
                        call.algorithm,
                        row,
                        row,
                        call.steepness,
                        UNUSED,
                        plain));
        return new Primitive(
                library, description, new int[] {DNNL_ARG_SRC, DNNL_ARG_DST}, new dnnl_memory_desc[] {row, row});
    }
}
