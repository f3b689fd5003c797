package dev.flopscope.sweep;

import dev.flopscope.profile.Statistics;
import dev.flopscope.schema.AccountRecord;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the repetitions of one row gave.
 *
 * @param all of all phases together
 * @param decode of the tokens decoded after the prompt, if any were
 * @param agrees whether every site of every repetition agrees with its closed form
 * @param peakResidentBytes the most memory that was resident meanwhile, if the system tells
 */
public record Measured(Totals all, Optional<Totals> decode, boolean agrees, OptionalLong peakResidentBytes) {
    private static final double GIGA = 1e9;

    /**
     * FLOPs and times.
     *
     * @param countedFlops FLOPs counted in one repetition; where repetitions differ, in the first that disagrees
     * @param expectedFlops FLOPs of the closed form
     * @param samples wall seconds of each repetition, at least one
     */
    public record Totals(long countedFlops, long expectedFlops, List<Double> samples) {
        /**
         * Keeps a copy.
         *
         * @throws IllegalArgumentException if there is no sample
         */
        public Totals {
            samples = List.copyOf(samples);
            if (samples.isEmpty()) {
                throw new IllegalArgumentException("a measured row has at least one sample");
            }
        }

        /** The FLOPs as files have them. */
        AccountRecord.Flops flops() {
            return new AccountRecord.Flops(expectedFlops, countedFlops);
        }

        /** The median of the samples in seconds. */
        public double median() {
            return Statistics.median(samples);
        }

        /** The fastest repetition in seconds. */
        public double least() {
            return Collections.min(samples);
        }

        /** The slowest repetition in seconds. */
        public double most() {
            return Collections.max(samples);
        }

        /** Counted FLOPs over the median, in 10⁹ a second; 0 if no time passed. */
        public double gflopsPerSecond() {
            return median() == 0 ? 0 : countedFlops / median() / GIGA;
        }
    }
}
