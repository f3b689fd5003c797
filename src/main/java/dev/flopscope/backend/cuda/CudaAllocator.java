package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cuda.driver.Closing;
import dev.flopscope.backend.cuda.driver.Device;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Allocates in a device's memory. */
final class CudaAllocator implements Allocator {
    private final Device device;
    private final Deque<Long> pointers = new ArrayDeque<>();
    private long bytes;

    CudaAllocator(Device device) {
        this.device = device;
    }

    /**
     * An allocator of this backend.
     *
     * @throws IllegalArgumentException if it is another's
     */
    static CudaAllocator of(Allocator allocator) {
        return Own.of(CudaAllocator.class, allocator, "an allocator");
    }

    @Override
    public Tensor zeros(long rows, long columns) {
        CudaTensor tensor = tensor(rows, columns);
        device.clear(tensor.pointer(), tensor.size());
        return tensor;
    }

    /** A tensor with anything in it. */
    CudaTensor tensor(long rows, long columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a tensor must have rows and columns: " + rows + "×" + columns);
        }
        long needed = Math.multiplyExact(Float.BYTES, Math.multiplyExact(rows, columns));
        long pointer = device.allocate(needed);
        pointers.push(pointer);
        bytes += needed;
        return CudaTensor.dense(pointer, rows, columns);
    }

    @Override
    public long allocatedBytes() {
        return bytes;
    }

    @Override
    public void close() {
        List<Runnable> steps = pointers.stream()
                .<Runnable>map(pointer -> () -> device.free(pointer))
                .toList();
        pointers.clear();
        bytes = 0;
        Closing.all(steps);
    }
}
