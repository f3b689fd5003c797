package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;

/** Products by cuBLAS, of float32 matrices whose rows follow each other. Sums are of float32. */
public final class Gemm implements AutoCloseable {
    private static final List<String> NAMES = List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so");
    private static final int NOT_TRANSPOSED = 0;
    private static final int TRANSPOSED = 1;
    private static final int FLOAT32 = 0;
    private static final int DEFAULT_MATH = 0;
    private static final int ANY_ALGORITHM = -1;
    private static final int MAJOR = 10_000;
    private static final int MINOR = 100;

    private final Device device;
    private final long handle;
    private final int compute;
    private final Memory factors = new Memory(2L * Float.BYTES);
    private final Pointer one;
    private final Pointer zero;

    /** What operands may be rounded to before they are multiplied. */
    public enum Rounding {
        /** They are multiplied as they are. */
        NONE(68),
        /** TF32, with 10 bits of a fraction. */
        TF32(77),
        /** bfloat16, with 7 bits of a fraction. */
        BF16(75);

        /** What cuBLAS calls it: a {@code cublasComputeType_t}. */
        private final int compute;

        Rounding(int compute) {
            this.compute = compute;
        }
    }

    /**
     * A matrix, or several at equal distances.
     *
     * @param pointer the address of its first element
     * @param rows its rows
     * @param columns its columns
     * @param leading elements from a row to the next
     * @param stride elements from a matrix to the next
     * @param batch how many matrices
     */
    public record Operand(long pointer, long rows, long columns, long leading, long stride, long batch) {}

    private Gemm(Device device, long handle, Rounding rounding) {
        this.device = device;
        this.handle = handle;
        this.compute = rounding.compute;
        factors.setFloat(0, 1f);
        factors.setFloat(Float.BYTES, 0f);
        this.one = factors.share(0);
        this.zero = factors.share(Float.BYTES);
    }

    static void load(CudaLibraries libraries) {
        Cublas.bind(libraries.load("cuBLAS", NAMES, Optional.of("libcublasLt.so*")));
    }

    /**
     * Starts cuBLAS.
     *
     * @param rounding what operands are rounded to
     * @param workspace memory of the device for it
     * @param workspaceBytes how much
     */
    static Gemm start(Device device, Rounding rounding, long workspace, long workspaceBytes) {
        device.enter();
        long[] handle = new long[1];
        check("cublasCreate", Cublas.cublasCreate_v2(handle));
        try {
            check("cublasSetStream", Cublas.cublasSetStream_v2(handle[0], device.stream()));
            check("cublasSetWorkspace", Cublas.cublasSetWorkspace_v2(handle[0], workspace, workspaceBytes));
            check("cublasSetMathMode", Cublas.cublasSetMathMode(handle[0], DEFAULT_MATH));
            return new Gemm(device, handle[0], rounding);
        } catch (RuntimeException | Error e) {
            Cublas.cublasDestroy_v2(handle[0]);
            throw e;
        }
    }

    /** The library's version, such as 13.1.0. */
    public String version() {
        int[] version = new int[1];
        check("cublasGetVersion", Cublas.cublasGetVersion_v2(handle, version));
        return version[0] / MAJOR + "." + version[0] % MAJOR / MINOR + "." + version[0] % MINOR;
    }

    /**
     * Asks for {@code result = left · right} or {@code left · rightᵀ}, of each matrix of a batch.
     *
     * <p>cuBLAS takes matrices column by column. A matrix whose rows follow each other is its own transpose there, so what is
     * asked for is resultᵀ = rightᵀ · leftᵀ.
     *
     * @param left (m, k)
     * @param right (k, n), or (n, k) if {@code transposed}; with a stride of 0 one matrix serves the whole batch
     * @param result (m, n); overwritten
     */
    public void multiply(Operand left, Operand right, boolean transposed, Operand result) {
        device.begin();
        int m = Math.toIntExact(result.rows());
        int n = Math.toIntExact(result.columns());
        int k = Math.toIntExact(left.columns());
        int operation = transposed ? TRANSPOSED : NOT_TRANSPOSED;
        int status = result.batch() == 1
                ? Cublas.cublasGemmEx(
                        handle,
                        operation,
                        NOT_TRANSPOSED,
                        n,
                        m,
                        k,
                        one,
                        right.pointer(),
                        FLOAT32,
                        Math.toIntExact(right.leading()),
                        left.pointer(),
                        FLOAT32,
                        Math.toIntExact(left.leading()),
                        zero,
                        result.pointer(),
                        FLOAT32,
                        Math.toIntExact(result.leading()),
                        compute,
                        ANY_ALGORITHM)
                : Cublas.cublasGemmStridedBatchedEx(
                        handle,
                        operation,
                        NOT_TRANSPOSED,
                        n,
                        m,
                        k,
                        one,
                        right.pointer(),
                        FLOAT32,
                        Math.toIntExact(right.leading()),
                        right.stride(),
                        left.pointer(),
                        FLOAT32,
                        Math.toIntExact(left.leading()),
                        left.stride(),
                        zero,
                        result.pointer(),
                        FLOAT32,
                        Math.toIntExact(result.leading()),
                        result.stride(),
                        Math.toIntExact(result.batch()),
                        compute,
                        ANY_ALGORITHM);
        check("a product of " + m + "×" + k + "×" + n, status);
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new CudaException("cuBLAS failed: " + function + " returned " + Cublas.cublasGetStatusString(status)
                    + " (" + status + ")");
        }
    }

    /** Ends cuBLAS. */
    @Override
    public void close() {
        device.enter();
        check("cublasDestroy", Cublas.cublasDestroy_v2(handle));
    }
}
