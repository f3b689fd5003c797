package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_wait;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/** Generated code with its arguments, whose addresses are given at each call. For the thread that made it. */
final class Primitive {
    private final dnnl_stream stream;
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final dnnl_memory[] memories;
    private final dnnl_exec_arg_t arguments;
    private final OneDnn.Address address = new OneDnn.Address();

    /**
     * Generates the code.
     *
     * @param description what to generate; destroyed
     * @param numbers oneDNN's numbers of the arguments
     * @param layouts how each argument lies
     */
    Primitive(OneDnn library, dnnl_primitive_desc description, int[] numbers, dnnl_memory_desc[] layouts) {
        this.stream = library.stream();
        OneDnn.check("dnnl_primitive_create", dnnl_primitive_create(primitive, description));
        dnnl_primitive_desc_destroy(description);
        this.memories = new dnnl_memory[layouts.length];
        for (int i = 0; i < layouts.length; i++) {
            memories[i] = library.memory(layouts[i]);
        }
        this.arguments = OneDnn.arguments(numbers, memories);
    }

    /**
     * Code that copies a matrix from one layout to another, on as many threads as this one was told to use last.
     *
     * @param from how it lies
     * @param to how it is to lie; what fills its blocks up becomes zero
     */
    static Primitive reorder(OneDnn library, dnnl_memory_desc from, dnnl_memory_desc to) {
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        dnnl_primitive_attr unchanged = null;
        OneDnn.check(
                "dnnl_reorder_primitive_desc_create",
                dnnl_reorder_primitive_desc_create(
                        description, from, library.engine(), to, library.engine(), unchanged));
        return new Primitive(
                library, description, new int[] {DNNL_ARG_FROM, DNNL_ARG_TO}, new dnnl_memory_desc[] {from, to});
    }

    /** Runs it on arguments at these addresses, and waits. */
    void execute(long... addresses) {
        for (int i = 0; i < memories.length; i++) {
            OneDnn.check(
                    "dnnl_memory_set_data_handle", dnnl_memory_set_data_handle(memories[i], address.at(addresses[i])));
        }
        OneDnn.check("dnnl_primitive_execute", dnnl_primitive_execute(primitive, stream, memories.length, arguments));
        OneDnn.check("dnnl_stream_wait", dnnl_stream_wait(stream));
    }
}
