package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The functions of cuBLAS that are used, under their own names and with their own results: 0, or a status. */
final class Cublas {
    private Cublas() {}

    /** Binds all functions. */
    static void bind(NativeLibrary library) {
        Native.register(Cublas.class, library);
    }

    static native int cublasCreate_v2(long[] handle);

    static native int cublasDestroy_v2(long handle);

    static native int cublasGetVersion_v2(long handle, int[] version);

    static native int cublasSetStream_v2(long handle, long stream);

    static native int cublasSetMathMode(long handle, int mode);

    static native int cublasSetWorkspace_v2(long handle, long workspace, long bytes);

    static native int cublasGemmEx(
            long handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            Pointer alpha,
            long a,
            int typeA,
            int leadingA,
            long b,
            int typeB,
            int leadingB,
            Pointer beta,
            long c,
            int typeC,
            int leadingC,
            int compute,
            int algorithm);

    static native int cublasGemmStridedBatchedEx(
            long handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            Pointer alpha,
            long a,
            int typeA,
            int leadingA,
            long strideA,
            long b,
            int typeB,
            int leadingB,
            long strideB,
            Pointer beta,
            long c,
            int typeC,
            int leadingC,
            long strideC,
            int batch,
            int compute,
            int algorithm);

    static native String cublasGetStatusString(int status);
}
