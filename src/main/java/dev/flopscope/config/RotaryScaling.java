package dev.flopscope.config;

import java.util.List;

/**
 * How the frequencies of rotary positions are changed, so that a model sees further than it was first trained to. The names
 * are those of {@code rope_type} in published configs.
 */
public sealed interface RotaryScaling {
    /** The value of {@code rope_type}. */
    String label();

    /** Frequencies as Su et al. have them. */
    record None() implements RotaryScaling {
        @Override
        public String label() {
            return "default";
        }
    }

    /**
     * All frequencies are divided by one factor (Chen et al. 2023).
     *
     * @param factor what they are divided by
     */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public String label() {
            return "linear";
        }
    }

    /**
     * The base grows with the sequence once it is longer than the model was trained for ("NTK-aware", dynamic).
     *
     * @param factor how many times as long a sequence may be
     * @param original the length that the model was trained for
     */
    record Dynamic(double factor, int original) implements RotaryScaling {
        @Override
        public String label() {
            return "dynamic";
        }
    }

    /**
     * Low frequencies are divided by a factor, high ones stay, and those between are blended (Grattafiori et al. 2024, §3.4.2).
     *
     * @param factor what low frequencies are divided by
     * @param lowFrequencyFactor wavelengths longer than {@code original} over this are low frequencies
     * @param highFrequencyFactor wavelengths shorter than {@code original} over this are high frequencies
     * @param original the length that the model was first trained for
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int original)
            implements RotaryScaling {
        @Override
        public String label() {
            return "llama3";
        }
    }

    /**
     * A ramp over the frequencies between those that stay and those that are divided (Peng et al. 2023, YaRN).
     *
     * @param factor what low frequencies are divided by
     * @param betaFast turns over {@code original} tokens from which on a frequency stays
     * @param betaSlow turns up to which a frequency is divided in full
     * @param original the length that the model was first trained for
     * @param amplitude what rotated queries and keys are multiplied by
     * @param truncated whether the ends of the ramp are whole pairs
     */
    record Yarn(double factor, double betaFast, double betaSlow, int original, double amplitude, boolean truncated)
            implements RotaryScaling {
        @Override
        public String label() {
            return "yarn";
        }
    }

    /**
     * A factor for each frequency, from one list up to a length and from another beyond it (Ding et al. 2024, LongRoPE).
     *
     * @param shortFactors what frequencies are divided by in sequences of up to {@code original} tokens
     * @param longFactors what they are divided by in longer ones
     * @param original the length that the model was first trained for
     * @param amplitude what rotated queries and keys are multiplied by
     */
    record LongRope(List<Double> shortFactors, List<Double> longFactors, int original, double amplitude)
            implements RotaryScaling {
        /** Keeps copies. */
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }

        @Override
        public String label() {
            return "longrope";
        }
    }
}
