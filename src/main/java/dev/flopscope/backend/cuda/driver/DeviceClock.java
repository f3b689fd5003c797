package dev.flopscope.backend.cuda.driver;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * The clock of a device. A moment is the number of an event that the device passes between two pieces of work; events are kept
 * and used again. Where nothing was asked for since the last moment, it is the same moment.
 *
 * <p>The driver gives the time between two events in milliseconds as a float, whose precision falls with the distance. So
 * neighbouring events are compared, and the distances added up.
 */
public final class DeviceClock implements AutoCloseable {
    private static final int FEW = 1024;
    private static final long NEVER = -1;

    private final Device device;
    private long[] events = new long[FEW];
    private int made;
    private int used;
    private long askedAtLast = NEVER;
    private double elapsed;

    /** Starts at 0. */
    public DeviceClock(Device device) {
        this.device = device;
    }

    /** The moment after all work that was asked for so far. */
    public long now() {
        if (used > 0 && device.asked() == askedAtLast) {
            return used - 1L;
        }
        if (used == made) {
            if (made == events.length) {
                events = Arrays.copyOf(events, 2 * events.length);
            }
            events[made] = DeviceEvents.create();
            made++;
        }
        DeviceEvents.record(events[used], device);
        askedAtLast = device.asked();
        return used++;
    }

    /** Waits for all work, and says when the moments since the last call were, in nanoseconds. */
    public LongUnaryOperator settle() {
        device.synchronize();
        long[] times = new long[used];
        for (int moment = 0; moment < used; moment++) {
            if (moment > 0) {
                elapsed += DeviceEvents.between(events[moment - 1], events[moment]);
            }
            times[moment] = Math.round(elapsed);
        }
        used = 0;
        askedAtLast = NEVER;
        return moment -> times[(int) moment];
    }

    /** Gives all events back. */
    @Override
    public void close() {
        List<Runnable> steps = Arrays.stream(events)
                .limit(made)
                .<Runnable>mapToObj(event -> () -> DeviceEvents.destroy(event))
                .toList();
        made = 0;
        used = 0;
        Closing.all(steps);
    }
}
