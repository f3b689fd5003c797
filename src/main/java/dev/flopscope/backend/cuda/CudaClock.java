package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Clock;
import dev.flopscope.backend.cuda.driver.Device;
import dev.flopscope.backend.cuda.driver.DeviceClock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/** The device's clock, which also keeps when copies between host and device happened. For one thread. */
final class CudaClock implements Clock, AutoCloseable {
    private final DeviceClock clock;
    private List<Transfer> transfers = new ArrayList<>();

    CudaClock(Device device) {
        this.clock = new DeviceClock(device);
    }

    @Override
    public long now() {
        return clock.now();
    }

    @Override
    public boolean isDeferred() {
        return true;
    }

    /** Copies of before are forgotten: their moments mean nothing any more. */
    @Override
    public LongUnaryOperator settle() {
        transfers.clear();
        return clock.settle();
    }

    /** Does {@code copy}, which asks for copies between host and device and for nothing else. */
    <T> T transfer(Supplier<T> copy) {
        long start = now();
        T result = copy.get();
        transfers.add(new Transfer(start, now()));
        return result;
    }

    @Override
    public List<Transfer> transfers() {
        if (transfers.isEmpty()) {
            return List.of();
        }
        List<Transfer> taken = transfers;
        transfers = new ArrayList<>();
        return taken;
    }

    @Override
    public void close() {
        clock.close();
    }
}
