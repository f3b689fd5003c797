package dev.flopscope.sweep;

import java.util.List;
import java.util.OptionalLong;

/**
 * What the repetitions of one row gave.
 *
 * @param countedFlops FLOPs counted in one pass; of repetitions that differ, in the first that disagrees
 * @param expectedFlops of the closed form
 * @param samples seconds of each repetition, at least one
 * @param agrees whether every site of every repetition agrees with its closed form
 * @param peakResidentBytes the most memory that was resident meanwhile, if the system tells
 */
public record Measured(
        long countedFlops, long expectedFlops, List<Double> samples, boolean agrees, OptionalLong peakResidentBytes) {
    /** Keeps a copy. */
    public Measured {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a measured row has at least one sample");
        }
    }

    /** The middle of the samples; of an even number, the mean of the middle two. */
    public double median() {
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The fastest repetition. */
    public double least() {
        return samples.stream().mapToDouble(x -> x).min().orElseThrow();
    }

    /** The slowest repetition. */
    public double most() {
        return samples.stream().mapToDouble(x -> x).max().orElseThrow();
    }

    /** Counted FLOPs over the median, in 10⁹ a second; 0 if no time passed. */
    public double gflopsPerSecond() {
        return median() == 0 ? 0 : countedFlops / median() / 1e9;
    }
}
