package dev.flopscope.ceiling;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Probe;

/**
 * How fast the machine is at the moment, whatever the program: multiply-adds on everything that the backend has for some
 * 50 ms, a mean and not a best, so that what others take of the machine shows.
 *
 * <p>Two results that differ no more than their calibrations do may be of one program on a machine that was slower for a
 * while. The calibration needs no library, so that another kernel does not move it, and no memory, so that it leaves a pass's
 * data in the caches; other programs' use of memory does not show.
 */
public final class SpeedCalibration {
    /** Each takes 5 to 15 ms: with less, the time that a second thread needs to wake up decides. */
    private static final int SAMPLES = 5;

    private final Probe multiplyAdds;

    /** Loads {@code backend}, and takes one sample at once, so that the first that counts finds the loop warm. */
    public SpeedCalibration(Backend backend, Allocator memory) {
        this.multiplyAdds = backend.probes(memory, 1).multiplyAdds();
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
