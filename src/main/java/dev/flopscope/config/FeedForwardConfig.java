package dev.flopscope.config;

/** The feed-forward network of one block. */
public sealed interface FeedForwardConfig {
    /** F, the inner width. */
    int width();

    /** The non-linearity. */
    Activation activation();

    /** The value of {@code feed_forward} in a config: {@code swiglu} or {@code gelu}. */
    String label();

    /** The same network {@code factor} times as wide. */
    FeedForwardConfig widened(int factor);

    /**
     * Three products: {@code down(activation(gate(x)) * up(x))}. Shazeer 2020, "GLU Variants Improve Transformer".
     *
     * @param width F
     * @param activation the non-linearity of the gate; SiLU makes it SwiGLU
     */
    record Gated(int width, Activation activation) implements FeedForwardConfig {
        /**
         * Checks the width.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Gated {
            Constraints.requirePositive("d_ff", width);
        }

        @Override
        public String label() {
            return activation == Activation.SILU ? "swiglu" : "geglu";
        }

        @Override
        public FeedForwardConfig widened(int factor) {
            return new Gated(Math.multiplyExact(factor, width), activation);
        }
    }

    /**
     * Two products: {@code down(activation(up(x)))}.
     *
     * @param width F
     * @param activation the non-linearity
     */
    record Plain(int width, Activation activation) implements FeedForwardConfig {
        /**
         * Checks the width.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Plain {
            Constraints.requirePositive("d_ff", width);
        }

        @Override
        public String label() {
            return activation == Activation.GELU_TANH ? "gelu" : "silu";
        }

        @Override
        public FeedForwardConfig widened(int factor) {
            return new Plain(Math.multiplyExact(factor, width), activation);
        }
    }
}
