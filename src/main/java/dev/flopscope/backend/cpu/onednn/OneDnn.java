package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * What of oneDNN's C interface products need: its engine, descriptions of memory, and checked calls.
 *
 * <p>Its handles are small, few (one set a shape and thread) and kept until the process ends.
 */
public final class OneDnn {
    private static final int MATRIX = 2;

    private final dnnl_engine engine = new dnnl_engine();
    private final Optional<Function> threadSetter = Optional.ofNullable(Loader.addressof("omp_set_num_threads"))
            .filter(address -> !address.isNull())
            .map(address -> Function.getFunction(new Pointer(address.address())));

    /**
     * Loads the library.
     *
     * @throws UnsatisfiedLinkError if there is none for this system
     */
    public OneDnn() {
        check("dnnl_engine_create", dnnl_engine_create(engine, dnnl_cpu, 0));
    }

    /** Whether there is a library for this system; loads it if so. */
    public static boolean isAvailable() {
        return failure().isEmpty();
    }

    /** Why it does not load, although there is a library for this system; empty if it loads, or there is none. */
    public static Optional<String> fault() {
        return failure()
                .filter(failure -> OneDnn.class.getResource(
                                "/org/bytedeco/dnnl/" + Loader.getPlatform() + "/" + System.mapLibraryName("jnidnnl"))
                        != null)
                .map(failure -> String.valueOf(innermost(failure).getMessage()));
    }

    private static Optional<LinkageError> failure() {
        try {
            Loader.load(dnnl.class);
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of(e);
        }
    }

    private static Throwable innermost(Throwable problem) {
        Throwable innermost = problem;
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        return innermost;
    }

    /** Its version, such as {@code 3.11.0}. */
    public static String version() {
        dnnl_version_t version = dnnl.dnnl_version();
        return version.major() + "." + version.minor() + "." + version.patch();
    }

    /** The instructions it generates code for, in oneDNN's own name, such as {@code avx512_core}. */
    public static String instructions() {
        return dnnl.get_effective_cpu_isa().intern().name();
    }

    dnnl_engine engine() {
        return engine;
    }

    dnnl_stream stream() {
        dnnl_stream stream = new dnnl_stream();
        check("dnnl_stream_create", dnnl_stream_create(stream, engine, dnnl_stream_default_flags));
        return stream;
    }

    /** A float32 matrix whose element (i, j) is at {@code i·rowStride + j·columnStride}. */
    public static dnnl_memory_desc matrix(long rows, long columns, long rowStride, long columnStride) {
        dnnl_memory_desc description = new dnnl_memory_desc();
        check(
                "dnnl_memory_desc_create_with_strides",
                dnnl_memory_desc_create_with_strides(
                        description, MATRIX, new long[] {rows, columns}, dnnl_f32, new long[] {rowStride, columnStride
                        }));
        return description;
    }

    /** A float32 matrix in whatever layout oneDNN likes best. */
    static dnnl_memory_desc matrixOfAnyLayout(long rows, long columns) {
        return tagged(rows, columns, dnnl_format_tag_any);
    }

    /** A float32 matrix in the layout that oneDNN calls {@code tag}. */
    static dnnl_memory_desc tagged(long rows, long columns, int tag) {
        dnnl_memory_desc description = new dnnl_memory_desc();
        check(
                "dnnl_memory_desc_create_with_tag",
                dnnl_memory_desc_create_with_tag(description, MATRIX, new long[] {rows, columns}, dnnl_f32, tag));
        return description;
    }

    /** Memory of that description, whose address is set before each use. */
    dnnl_memory memory(dnnl_memory_desc description) {
        dnnl_memory memory = new dnnl_memory();
        check("dnnl_memory_create", dnnl_memory_create(memory, description, engine, new Address()));
        return memory;
    }

    /** Arguments of a call: their numbers, and the memory of each. */
    static dnnl_exec_arg_t arguments(int[] numbers, dnnl_memory[] memories) {
        dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            arguments.position(i).arg(numbers[i]).memory(memories[i]);
        }
        return arguments.position(0);
    }

    /**
     * How many threads what this thread makes next will use: oneDNN fixes it when a product is made, from a number that
     * OpenMP keeps for each thread.
     */
    void useThreads(int threads) {
        threadSetter.ifPresent(function -> function.invokeVoid(new Object[] {threads}));
    }

    static void check(String call, int status) {
        if (status != 0) {
            throw new IllegalStateException("oneDNN: " + call + " gave status " + status);
        }
    }

    /** A pointer that can be set anywhere; it owns nothing. */
    static final class Address extends org.bytedeco.javacpp.Pointer {
        Address at(long where) {
            this.address = where;
            return this;
        }
    }
}
