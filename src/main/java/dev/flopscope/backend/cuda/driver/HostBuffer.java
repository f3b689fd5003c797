package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** Memory of the host that the device copies from and to by itself, while the host goes on. It grows when it must. */
public final class HostBuffer implements AutoCloseable {
    private static final long SMALLEST = 1 << 16;

    private final Device device;
    private long address;
    private long bytes;
    private long mark;

    /** Allocates nothing yet. */
    public HostBuffer(Device device) {
        this.device = device;
    }

    /** Makes room for so many bytes; what was in it may be lost. */
    public void reserve(long needed) {
        if (needed > bytes) {
            close();
            long larger = Math.max(SMALLEST, needed);
            address = device.allocateHost(larger);
            bytes = larger;
        }
    }

    /** Copies {@code count} elements into it from its byte {@code offset} on. */
    public void write(long offset, float[] values, int count) {
        memory().write(offset, values, 0, count);
    }

    /** Copies {@code count} elements into it from its byte {@code offset} on. */
    public void write(long offset, int[] values, int count) {
        memory().write(offset, values, 0, count);
    }

    /** Copies {@code count} elements out of it from its byte {@code offset} on. */
    public void read(long offset, float[] values, int count) {
        memory().read(offset, values, 0, count);
    }

    private Pointer memory() {
        return new Pointer(address);
    }

    /** Asks the device to copy from here to its own memory. */
    public void copyIn(long offset, long destination, long count) {
        device.copyIn(destination, address + offset, count);
    }

    /** Copies from the device's memory to here, and waits for it. */
    public void copyOut(long source, long offset, long count) {
        device.copyOut(address + offset, source, count);
        device.synchronize();
    }

    /** Remembers how far the device has been asked to work, so that {@link #await} waits for no more. */
    public void mark() {
        if (mark == 0) {
            mark = DeviceEvents.create();
        }
        DeviceEvents.record(mark, device);
    }

    /** Waits until the device has done what was asked for before the last {@link #mark}, if there was one. */
    public void await() {
        if (mark != 0) {
            DeviceEvents.await(mark);
        }
    }

    /** Frees it, after all work that was asked for. */
    @Override
    public void close() {
        long freed = address;
        long event = mark;
        address = 0;
        bytes = 0;
        mark = 0;
        List<Runnable> steps = new ArrayList<>();
        if (freed != 0) {
            steps.add(device::synchronize);
            steps.add(() -> device.freeHost(freed));
        }
        if (event != 0) {
            steps.add(() -> DeviceEvents.destroy(event));
        }
        Closing.all(steps);
    }
}
