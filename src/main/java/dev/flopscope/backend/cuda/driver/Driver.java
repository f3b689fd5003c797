package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The functions of the CUDA driver that are used, under their own names and with their own results: 0, or a number of an
 * error. They are bound directly, which costs about 50 ns a call. Addresses in device memory are {@code long}s.
 */
final class Driver {
    private Driver() {}

    /** Binds all functions. */
    static void bind(NativeLibrary library) {
        Native.register(Driver.class, library);
    }

    static native int cuInit(int flags);

    static native int cuDriverGetVersion(int[] version);

    static native int cuDeviceGetCount(int[] count);

    static native int cuDeviceGet(int[] device, int ordinal);

    static native int cuDeviceGetName(byte[] name, int length, int device);

    static native int cuDeviceTotalMem_v2(long[] bytes, int device);

    static native int cuDeviceGetAttribute(int[] value, int attribute, int device);

    static native int cuDevicePrimaryCtxRetain(long[] context, int device);

    static native int cuDevicePrimaryCtxRelease_v2(int device);

    static native int cuCtxSetCurrent(long context);

    static native int cuMemGetInfo_v2(long[] free, long[] total);

    static native int cuMemAlloc_v2(long[] pointer, long bytes);

    static native int cuMemFree_v2(long pointer);

    static native int cuMemHostAlloc(long[] pointer, long bytes, int flags);

    static native int cuMemFreeHost(long pointer);

    static native int cuMemcpyHtoDAsync_v2(long destination, long source, long bytes, long stream);

    static native int cuMemcpyDtoHAsync_v2(long destination, long source, long bytes, long stream);

    static native int cuMemsetD32Async(long destination, int value, long count, long stream);

    static native int cuStreamCreate(long[] stream, int flags);

    static native int cuStreamDestroy_v2(long stream);

    static native int cuStreamSynchronize(long stream);

    static native int cuEventCreate(long[] event, int flags);

    static native int cuEventDestroy_v2(long event);

    static native int cuEventRecord(long event, long stream);

    static native int cuEventSynchronize(long event);

    static native int cuEventElapsedTime(float[] milliseconds, long start, long end);

    static native int cuModuleLoadData(long[] module, byte[] image);

    static native int cuModuleUnload(long module);

    static native int cuModuleGetFunction(long[] function, long module, String name);

    static native int cuLaunchKernel(
            long function,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes,
            long stream,
            Pointer parameters,
            Pointer extra);

    static native int cuGetErrorName(int error, long[] name);

    static native int cuGetErrorString(int error, long[] words);
}
