package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A function that runs on the device. Its arguments are given one after the other in the order of its parameters, and then it
 * is launched; a launch copies them, so that the next may be given at once.
 */
public final class Kernel {
    private static final int MOST_ARGUMENTS = 16;
    private static final int SLOT = Long.BYTES;

    private final Device device;
    private final long function;
    private final String name;
    /** An address for each argument, which the driver reads, and behind them the arguments. */
    private final Memory parameters = new Memory(2L * MOST_ARGUMENTS * SLOT);

    private final ByteBuffer slots =
            parameters.getByteBuffer(0, parameters.size()).order(ByteOrder.nativeOrder());
    private int given;

    Kernel(Device device, long function, String name) {
        this.device = device;
        this.function = function;
        this.name = name;
        long values = Pointer.nativeValue(parameters) + (long) MOST_ARGUMENTS * SLOT;
        for (int argument = 0; argument < MOST_ARGUMENTS; argument++) {
            slots.putLong(argument * SLOT, values + (long) argument * SLOT);
        }
    }

    /** Gives an address or a {@code long long}. */
    public Kernel with(long value) {
        slots.putLong(next(), value);
        return this;
    }

    /** Gives an {@code int}. */
    public Kernel with(int value) {
        slots.putInt(next(), value);
        return this;
    }

    /** Gives a {@code float}. */
    public Kernel with(float value) {
        slots.putFloat(next(), value);
        return this;
    }

    /** Gives a {@code double}. */
    public Kernel with(double value) {
        slots.putDouble(next(), value);
        return this;
    }

    private int next() {
        if (given == MOST_ARGUMENTS) {
            throw new IllegalStateException(name + " was given more than " + MOST_ARGUMENTS + " arguments");
        }
        return (MOST_ARGUMENTS + given++) * SLOT;
    }

    /**
     * Asks the device to run it, after all that was asked for before.
     *
     * @param blocks of threads, at least 1
     * @param threads of a block
     */
    public void launch(int blocks, int threads) {
        given = 0;
        device.launch(function, blocks, threads, parameters, name);
    }
}
