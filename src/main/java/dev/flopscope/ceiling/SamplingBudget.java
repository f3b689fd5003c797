package dev.flopscope.ceiling;

import java.time.Duration;

/**
 * How much time and memory the measurement of ceilings may take.
 *
 * @param sampling how long one quantity is sampled once it is steady; its warm-up takes no longer than this either,
 *     unless single samples do
 * @param fewestSamples samples that are taken however long they take, at least 1
 * @param arrayBytes the size of each of the three arrays that bandwidth is measured on, and of all the weights that come
 *     from memory
 */
public record SamplingBudget(Duration sampling, int fewestSamples, long arrayBytes) {
    private static final Duration TOTAL = Duration.ofSeconds(3);
    private static final int FEWEST_SAMPLES = 3;
    private static final long SMALLEST_ARRAY = 64L << 20;
    private static final long LARGEST_ARRAY = 2L << 30;
    /** STREAM's rule (McCalpin): an array at least four times all the last-level caches. */
    private static final long TIMES_THE_CACHES = 4;
    /** An array takes at most this part of the memory that is free, so that the arrays never push others out. */
    private static final long SHARE_OF_MEMORY = 16;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is no sample or no array
     */
    public SamplingBudget {
        if (fewestSamples < 1 || arrayBytes < 1) {
            throw new IllegalArgumentException(
                    "nothing to measure: fewest_samples=" + fewestSamples + ", array_bytes=" + arrayBytes);
        }
    }

    /**
     * Some seconds for everything together.
     *
     * @param threadCounts for how many numbers of threads ceilings are measured
     * @param cacheBytes all the last-level caches, 0 if unknown
     * @param availableBytes memory that is free
     */
    public static SamplingBudget of(int threadCounts, long cacheBytes, long availableBytes) {
        long wanted = Math.max(SMALLEST_ARRAY, Math.min(LARGEST_ARRAY, cacheBytes * TIMES_THE_CACHES));
        return new SamplingBudget(
                TOTAL.dividedBy((long) threadCounts * CeilingProbe.QUANTITIES),
                FEWEST_SAMPLES,
                Math.max(SMALLEST_ARRAY, Math.min(wanted, availableBytes / SHARE_OF_MEMORY)));
    }
}
