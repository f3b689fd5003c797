package dev.flopscope.ceiling;

import dev.flopscope.backend.Probe;
import dev.flopscope.machine.Rate;
import dev.flopscope.profile.Statistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Repeats a probe until it is steady, then takes the samples that count.
 *
 * <p>A probe is steady when two samples in a row gain no more than 2 % on the fastest before them. A first touch of memory or
 * code that HotSpot has yet to compile shows as gains; disturbance by others shows as losses, which do not matter here. The
 * median of what follows is the rate to expect, the fastest the rate that the machine can reach.
 */
public final class Sampler {
    private static final double GAIN = 1.02;
    private static final int IN_A_ROW = 2;
    /** One that is faster than the first, and two that are not faster than it. */
    private static final int FEWEST_TRIES = 3;

    private final SamplingBudget budget;

    /** Samples as long as {@code budget} allows. */
    public Sampler(SamplingBudget budget) {
        this.budget = budget;
    }

    /** Warms {@code probe} up and samples it; the rate is in the probe's unit. */
    public Rate measure(Probe probe) {
        boolean steady = warmUp(probe);
        List<Double> samples = new ArrayList<>();
        long start = System.nanoTime();
        while (samples.size() < budget.fewestSamples() || !spent(start)) {
            samples.add(probe.sample());
        }
        return new Rate(Statistics.median(samples), Collections.max(samples), samples.size(), steady);
    }

    /** Whether it became steady in its time, or in its fewest samples if they take longer. */
    private boolean warmUp(Probe probe) {
        long start = System.nanoTime();
        double fastest = probe.sample();
        int inARow = 0;
        for (int samples = 1; inARow < IN_A_ROW; samples++) {
            if (samples > FEWEST_TRIES && spent(start)) {
                return false;
            }
            double sample = probe.sample();
            inARow = sample > fastest * GAIN ? 0 : inARow + 1;
            fastest = Math.max(fastest, sample);
        }
        return true;
    }

    private boolean spent(long start) {
        return System.nanoTime() - start >= budget.sampling().toNanos();
    }
}
