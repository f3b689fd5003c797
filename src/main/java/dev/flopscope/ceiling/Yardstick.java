package dev.flopscope.ceiling;

import dev.flopscope.machine.Cpu;
import dev.flopscope.tensor.Workers;

/**
 * How fast the machine is at the moment, whatever the program: multiply-adds on all threads for some 50 ms, a mean and not a
 * best, so that what others take of the machine shows.
 *
 * <p>Two results that differ no more than their yardsticks do may be of one program on a machine that was slower for a while.
 * It needs no library, so that another kernel does not move it, and no memory, so that it leaves a pass's data in the caches;
 * other programs' use of memory does not show.
 */
public final class Yardstick {
    /** Of some 5 ms each: less, and the time that a second thread needs to wake up decides. */
    private static final int SAMPLES = 10;

    private final Probe multiplyAdds;

    /** Loads {@code workers}, once at once, so that the first sample finds the loop compiled. */
    public Yardstick(Workers workers) {
        this.multiplyAdds = new MultiplyAddProbe(workers, Cpu.detect().hasFusedMultiplyAdd());
        sample();
    }

    /** GFLOP/s now. */
    public double sample() {
        double inverses = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            inverses += 1 / multiplyAdds.sample();
        }
        return SAMPLES / inverses;
    }
}
