package dev.flopscope.config;

/** Which normalisation stands before a part of a block, or before the LM head. */
public sealed interface NormConfig {
    /** What is added under the root, positive. */
    double epsilon();

    /**
     * RMSNorm, with one vector of gains (Zhang and Sennrich 2019).
     *
     * @param epsilon what is added under the root, positive
     */
    record Rms(double epsilon) implements NormConfig {
        /**
         * Checks the constant.
         *
         * @throws IllegalArgumentException if it is not positive and finite
         */
        public Rms {
            requirePositive(epsilon);
        }
    }

    /**
     * LayerNorm, with a vector of gains and one of biases (Ba et al. 2016).
     *
     * @param epsilon what is added under the root, positive
     */
    record Layer(double epsilon) implements NormConfig {
        /**
         * Checks the constant.
         *
         * @throws IllegalArgumentException if it is not positive and finite
         */
        public Layer {
            requirePositive(epsilon);
        }
    }

    private static void requirePositive(double epsilon) {
        Constraints.require(epsilon > 0 && Double.isFinite(epsilon), "norm_eps must be positive: norm_eps=" + epsilon);
    }
}
