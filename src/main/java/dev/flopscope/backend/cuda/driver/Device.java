package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A GPU with a context and one stream, in which everything is done in the order in which it is asked for. For one thread at a
 * time, which may be another later.
 */
public final class Device implements AutoCloseable {
    private static final List<String> DRIVER = List.of("libcuda.so.1", "libcuda.so");
    private static final int NOT_INITIALISED_YET = 0;
    private static final int NAME_BYTES = 256;
    private static final int NON_BLOCKING = 1;
    private static final int OUT_OF_MEMORY = 2;

    private static final int MULTIPROCESSORS = 16;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int THOUSAND = 1000;
    private static final int TEN = 10;

    private final int number;
    private final long context;
    private final long stream;
    private final int multiprocessors;
    private final int architecture;
    private Thread current;
    private long asked;

    private Device(int number, long context, int multiprocessors, int architecture) {
        this.number = number;
        this.context = context;
        this.multiprocessors = multiprocessors;
        this.architecture = architecture;
        this.current = Thread.currentThread();
        long[] made = new long[1];
        check("cuStreamCreate", Driver.cuStreamCreate(made, NON_BLOCKING));
        this.stream = made[0];
    }

    /** Loads the driver's library, if it has not been loaded. */
    static void load(CudaLibraries libraries) {
        Driver.bind(libraries.load("NVIDIA's driver", DRIVER, Optional.empty()));
        check("cuInit", Driver.cuInit(NOT_INITIALISED_YET));
    }

    /**
     * How many GPUs there are.
     *
     * @throws CudaException if the driver does not tell
     */
    static int count() {
        int[] count = new int[1];
        check("cuDeviceGetCount", Driver.cuDeviceGetCount(count));
        return count[0];
    }

    /** Takes the GPU of a number, from 0, into use. */
    static Device open(int number) {
        int[] device = new int[1];
        check("cuDeviceGet", Driver.cuDeviceGet(device, number));
        int multiprocessors = attribute(MULTIPROCESSORS, device[0]);
        int architecture = TEN * attribute(CAPABILITY_MAJOR, device[0]) + attribute(CAPABILITY_MINOR, device[0]);
        long[] context = new long[1];
        check("cuDevicePrimaryCtxRetain", Driver.cuDevicePrimaryCtxRetain(context, device[0]));
        try {
            check("cuCtxSetCurrent", Driver.cuCtxSetCurrent(context[0]));
            return new Device(device[0], context[0], multiprocessors, architecture);
        } catch (RuntimeException | Error e) {
            // Whether that succeeds says nothing beside what went wrong before.
            Driver.cuDevicePrimaryCtxRelease_v2(device[0]);
            throw e;
        }
    }

    private static int attribute(int attribute, int device) {
        int[] value = new int[1];
        check("cuDeviceGetAttribute", Driver.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    /** What it is called. */
    public String name() {
        byte[] name = new byte[NAME_BYTES];
        check("cuDeviceGetName", Driver.cuDeviceGetName(name, NAME_BYTES, number));
        int end = 0;
        while (end < NAME_BYTES && name[end] != 0) {
            end++;
        }
        return new String(Arrays.copyOf(name, end), StandardCharsets.UTF_8);
    }

    /** The newest version of CUDA that its driver knows, such as 13.0. */
    public String driverVersion() {
        return words(driver());
    }

    /** The same as the driver gives it: 13000 for 13.0. */
    static int driver() {
        int[] version = new int[1];
        check("cuDriverGetVersion", Driver.cuDriverGetVersion(version));
        return version[0];
    }

    /** A version as people write it. */
    static String words(int version) {
        return version / THOUSAND + "." + version % THOUSAND / TEN;
    }

    /** Its streaming multiprocessors. */
    public int multiprocessors() {
        return multiprocessors;
    }

    /** Its compute capability, as in {@code sm_90}. */
    public String architecture() {
        return "sm_" + architecture;
    }

    /** All of its memory in bytes. */
    public long totalBytes() {
        long[] bytes = new long[1];
        check("cuDeviceTotalMem", Driver.cuDeviceTotalMem_v2(bytes, number));
        return bytes[0];
    }

    /** What of its memory is free, in bytes, whoever uses the rest. */
    public long freeBytes() {
        enter();
        long[] free = new long[1];
        long[] total = new long[1];
        check("cuMemGetInfo", Driver.cuMemGetInfo_v2(free, total));
        return free[0];
    }

    /**
     * Memory of the device, with anything in it.
     *
     * @return its address
     * @throws OutOfMemoryError if there is not so much
     */
    public long allocate(long bytes) {
        enter();
        long[] pointer = new long[1];
        int error = Driver.cuMemAlloc_v2(pointer, Math.max(1, bytes));
        if (error == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("no memory of the GPU for another " + bytes + " bytes: " + freeBytes() + " of "
                    + totalBytes() + " are free");
        }
        check("cuMemAlloc", error);
        return pointer[0];
    }

    /** Frees memory of the device, after all work that was asked for. */
    public void free(long pointer) {
        enter();
        check("cuMemFree", Driver.cuMemFree_v2(pointer));
    }

    /**
     * Memory of the host that the device reads and writes by itself.
     *
     * @throws OutOfMemoryError if there is not so much
     */
    long allocateHost(long bytes) {
        enter();
        long[] pointer = new long[1];
        int error = Driver.cuMemHostAlloc(pointer, bytes, 0);
        if (error == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("no memory of the host for " + bytes + " bytes that a GPU can read");
        }
        check("cuMemHostAlloc", error);
        return pointer[0];
    }

    void freeHost(long pointer) {
        enter();
        check("cuMemFreeHost", Driver.cuMemFreeHost(pointer));
    }

    void copyIn(long destination, long hostSource, long bytes) {
        begin();
        check("cuMemcpyHtoDAsync", Driver.cuMemcpyHtoDAsync_v2(destination, hostSource, bytes, stream));
    }

    void copyOut(long hostDestination, long source, long bytes) {
        begin();
        check("cuMemcpyDtoHAsync", Driver.cuMemcpyDtoHAsync_v2(hostDestination, source, bytes, stream));
    }

    /** Overwrites memory of the device with zeros. */
    public void clear(long pointer, long floats) {
        begin();
        check("cuMemsetD32Async", Driver.cuMemsetD32Async(pointer, 0, floats, stream));
    }

    void launch(long function, int blocks, int threads, Pointer parameters, String name) {
        begin();
        int error = Driver.cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, stream, parameters, Pointer.NULL);
        if (error != 0) {
            throw failure("the launch of " + name, error);
        }
    }

    /** Waits for all work that was asked for. */
    public void synchronize() {
        enter();
        check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
    }

    /** How many pieces of work were asked for so far. */
    long asked() {
        return asked;
    }

    long stream() {
        return stream;
    }

    /** Counts a piece of work that is asked for now, from this thread. */
    void begin() {
        enter();
        asked++;
    }

    /** Makes this device that of the calling thread. */
    void enter() {
        if (Thread.currentThread() != current) {
            check("cuCtxSetCurrent", Driver.cuCtxSetCurrent(context));
            current = Thread.currentThread();
        }
    }

    static void check(String function, int error) {
        if (error != 0) {
            throw failure(function, error);
        }
    }

    private static CudaException failure(String what, int error) {
        long[] name = new long[1];
        long[] words = new long[1];
        boolean named = Driver.cuGetErrorName(error, name) == 0 && name[0] != 0;
        boolean told = Driver.cuGetErrorString(error, words) == 0 && words[0] != 0;
        return new CudaException("the GPU failed: " + what + " returned "
                + (named ? new Pointer(name[0]).getString(0) : "error " + error)
                + (told ? " (" + new Pointer(words[0]).getString(0) + ")" : ""));
    }

    /** Gives the stream and the context back; memory must have been freed before. */
    @Override
    public void close() {
        Closing.all(List.of(
                this::enter,
                () -> check("cuStreamDestroy", Driver.cuStreamDestroy_v2(stream)),
                () -> check("cuDevicePrimaryCtxRelease", Driver.cuDevicePrimaryCtxRelease_v2(number))));
    }
}
