package dev.flopscope.backend.cuda;

import dev.flopscope.backend.cuda.driver.Closing;
import dev.flopscope.backend.cuda.driver.Device;
import dev.flopscope.backend.cuda.driver.HostBuffer;
import dev.flopscope.backend.cuda.driver.Kernel;
import dev.flopscope.backend.cuda.driver.Kernels;
import java.util.List;

/** The kernels of this backend, with how many blocks of threads each is launched, and small arrays that they read. */
final class CudaKernels implements AutoCloseable {
    /** Threads of a block. */
    static final int THREADS = 256;

    /** As {@code common.cuh} has it. */
    private static final int MOST_THREADS = 512;
    /** Elements of a row that a thread of {@code softmax.cu} holds. */
    private static final long HELD = 32;

    private static final int WARP = 32;

    private static final int BLOCKS_A_MULTIPROCESSOR = 8;
    private static final long ARRAYS_BYTES = 4L << 20;

    private final Device device;
    private final Kernels kernels;
    private final HostBuffer host;
    private long arrays;
    private long arraysBytes;
    private long used;

    CudaKernels(Device device) {
        this.device = device;
        this.kernels = new Kernels(device, file -> Kernels.resource(CudaKernels.class, file));
        this.host = new HostBuffer(device);
    }

    Device device() {
        return device;
    }

    Kernel rows(String name) {
        return kernels.kernel("rows.cu", name);
    }

    Kernel norm(String name) {
        return kernels.kernel("norm.cu", name);
    }

    Kernel elementwise(String name) {
        return kernels.kernel("elementwise.cu", name);
    }

    Kernel activation(String name) {
        return kernels.kernel("activation.cu", name);
    }

    Kernel rotary() {
        return kernels.kernel("rotary.cu", "rotate");
    }

    Kernel softmax(String name) {
        return kernels.kernel("softmax.cu", name);
    }

    Kernel probe(String name) {
        return kernels.kernel("probes.cu", name);
    }

    /** Launches a kernel whose threads share elements among them. */
    void overElements(Kernel kernel, long elements) {
        long blocks = (elements + THREADS - 1) / THREADS;
        kernel.launch((int) Math.min(blocks, mostBlocks()), THREADS);
    }

    /** Launches a kernel of whose blocks each takes one row after the other, with as many threads as a row has elements for. */
    void overRows(Kernel kernel, long rows, long columns) {
        kernel.launch((int) Math.min(rows, Integer.MAX_VALUE), wholeWarps(Math.min(THREADS, columns)));
    }

    /** Launches the softmax of rows: a warp takes a row that it can hold, and a block a longer one. */
    void overScores(Kernel softmax, long rows, long columns) {
        if (columns <= HELD * WARP) {
            long warps = THREADS / WARP;
            softmax.launch((int) Math.min((rows + warps - 1) / warps, Integer.MAX_VALUE), THREADS);
        } else {
            long threads = Math.min(MOST_THREADS, (columns + HELD - 1) / HELD);
            softmax.launch((int) Math.min(rows, Integer.MAX_VALUE), wholeWarps(threads));
        }
    }

    private static int wholeWarps(long threads) {
        return (int) ((threads + WARP - 1) / WARP * WARP);
    }

    /** As many blocks as keep every multiprocessor at work. */
    int mostBlocks() {
        return BLOCKS_A_MULTIPROCESSOR * device.multiprocessors();
    }

    /** Copies {@code values} to the device; they are there until the next upload. */
    long upload(int[] values) {
        long bytes = (long) values.length * Integer.BYTES;
        long offset = place(bytes);
        host.write(offset, values, values.length);
        return copied(offset, bytes);
    }

    /** Copies as many weights as there are rows behind them, in one piece, so that both are there until the next upload. */
    long upload(int[] rows, float[] weights) {
        long bytes = (long) rows.length * Integer.BYTES;
        long offset = place(2 * bytes);
        host.write(offset, rows, rows.length);
        host.write(offset + bytes, weights, weights.length);
        return copied(offset, 2 * bytes);
    }

    private long copied(long offset, long bytes) {
        host.copyIn(offset, arrays + offset, bytes);
        return arrays + offset;
    }

    /** The next place for so many bytes. Where none is left, places are used again, after all work that may read them. */
    private long place(long bytes) {
        long needed = (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        if (used + needed > arraysBytes) {
            device.synchronize();
            used = 0;
        }
        if (needed > arraysBytes) {
            freeArrays();
            long larger = Math.max(ARRAYS_BYTES, needed);
            host.reserve(larger);
            arrays = device.allocate(larger);
            arraysBytes = larger;
        }
        long offset = used;
        used += needed;
        return offset;
    }

    private void freeArrays() {
        long freed = arrays;
        arrays = 0;
        arraysBytes = 0;
        if (freed != 0) {
            device.free(freed);
        }
    }

    @Override
    public void close() {
        Closing.all(List.of(this::freeArrays, host::close, kernels::close));
    }
}
