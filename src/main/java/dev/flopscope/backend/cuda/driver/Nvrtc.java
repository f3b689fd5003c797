package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The functions of CUDA's run-time compiler that are used, under their own names and with their own results. */
final class Nvrtc {
    private Nvrtc() {}

    /** Binds all functions. */
    static void bind(NativeLibrary library) {
        Native.register(Nvrtc.class, library);
    }

    static native int nvrtcVersion(int[] major, int[] minor);

    static native int nvrtcGetNumSupportedArchs(int[] count);

    static native int nvrtcGetSupportedArchs(int[] architectures);

    static native int nvrtcCreateProgram(
            long[] program, Pointer source, Pointer name, int headers, Pointer sources, Pointer names);

    static native int nvrtcCompileProgram(long program, int count, Pointer options);

    static native int nvrtcGetProgramLogSize(long program, long[] bytes);

    static native int nvrtcGetProgramLog(long program, byte[] log);

    static native int nvrtcGetCUBINSize(long program, long[] bytes);

    static native int nvrtcGetCUBIN(long program, byte[] image);

    static native int nvrtcDestroyProgram(long[] program);

    static native String nvrtcGetErrorString(int result);
}
