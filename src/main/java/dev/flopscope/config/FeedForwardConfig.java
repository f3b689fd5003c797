package dev.flopscope.config;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The feed-forward network of one block. */
public sealed interface FeedForwardConfig {
    /** F, the inner width; of one expert in a mixture. */
    int width();

    /** The non-linearity. */
    Activation activation();

    /** The limit of what a gate and its factor may be, if there is one; see {@link Gated}. */
    default OptionalDouble limit() {
        return OptionalDouble.empty();
    }

    /** What it is in one word: in a config of this project, {@code swiglu} or {@code gelu}. */
    String label();

    /** The same network {@code factor} times as wide. */
    FeedForwardConfig widened(int factor);

    /**
     * Three products: {@code down(activation(gate(x)) * up(x))}. Shazeer 2020, "GLU Variants Improve Transformer".
     *
     * @param width F
     * @param activation the non-linearity of the gate; SiLU makes it SwiGLU
     * @param bias whether the three have biases
     * @param limit c, where the network is {@code down(activation(min(gate(x), c)) * (clamp(up(x), −c, c) + 1))}, as in gpt-oss
     *     (OpenAI 2025)
     */
    record Gated(int width, Activation activation, boolean bias, OptionalDouble limit) implements FeedForwardConfig {
        /**
         * Checks the width and the limit.
         *
         * @throws IllegalArgumentException if the width is less than 1, or the limit is not above 0
         */
        public Gated {
            Constraints.requirePositive("d_ff", width);
            limit.ifPresent(most -> Constraints.require(most > 0, "swiglu_limit must be positive: " + most));
        }

        /** Without a limit. */
        public Gated(int width, Activation activation, boolean bias) {
            this(width, activation, bias, OptionalDouble.empty());
        }

        /** Without biases and without a limit. */
        public Gated(int width, Activation activation) {
            this(width, activation, false);
        }

        @Override
        public String label() {
            return activation == Activation.SILU ? "swiglu" : "geglu";
        }

        @Override
        public Gated widened(int factor) {
            return new Gated(Math.multiplyExact(factor, width), activation, bias, limit);
        }
    }

    /**
     * Two products: {@code down(activation(up(x)))}.
     *
     * @param width F
     * @param activation the non-linearity
     * @param bias whether the two have biases
     */
    record Plain(int width, Activation activation, boolean bias) implements FeedForwardConfig {
        /**
         * Checks the width.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Plain {
            Constraints.requirePositive("d_ff", width);
        }

        /** Without biases. */
        public Plain(int width, Activation activation) {
            this(width, activation, false);
        }

        @Override
        public String label() {
            return activation == Activation.SILU ? "silu" : "gelu";
        }

        @Override
        public FeedForwardConfig widened(int factor) {
            return new Plain(Math.multiplyExact(factor, width), activation, bias);
        }
    }

    /**
     * A mixture of experts (Shazeer et al. 2017): a router chooses k of E gated networks for each token, and sums what they put
     * out by its weights.
     *
     * @param count E
     * @param perToken k
     * @param expert each of them
     * @param sharedWidth inner width of a network that every token goes through as well, if there is one
     * @param sharedGated whether that network is weighted by the logistic function of one more column of the router
     * @param routerBias whether the router has a bias
     * @param routing how experts are chosen
     */
    record Experts(
            int count,
            int perToken,
            Gated expert,
            OptionalInt sharedWidth,
            boolean sharedGated,
            boolean routerBias,
            RoutingConfig routing)
            implements FeedForwardConfig {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is less than 1, or a token has more experts than there are
         */
        public Experts {
            Constraints.requirePositive("num_experts", count);
            Constraints.requirePositive("num_experts_per_tok", perToken);
            sharedWidth.ifPresent(width -> Constraints.requirePositive("shared_expert_intermediate_size", width));
            Constraints.require(
                    perToken <= count,
                    "num_experts_per_tok must be at most num_experts: num_experts_per_tok=" + perToken
                            + ", num_experts=" + count);
            Constraints.require(
                    routing.groups() >= 1
                            && count % routing.groups() == 0
                            && routing.groupsPerToken() >= 1
                            && routing.groupsPerToken() <= routing.groups()
                            && perToken <= count / routing.groups() * routing.groupsPerToken(),
                    "num_experts must fall into groups of which topk_group hold num_experts_per_tok: num_experts="
                            + count
                            + ", n_group=" + routing.groups() + ", topk_group=" + routing.groupsPerToken()
                            + ", num_experts_per_tok=" + perToken);
        }

        @Override
        public int width() {
            return expert.width();
        }

        @Override
        public Activation activation() {
            return expert.activation();
        }

        @Override
        public OptionalDouble limit() {
            return expert.limit();
        }

        @Override
        public String label() {
            return "experts";
        }

        @Override
        public FeedForwardConfig widened(int factor) {
            OptionalInt shared = sharedWidth.isEmpty()
                    ? sharedWidth
                    : OptionalInt.of(Math.multiplyExact(factor, sharedWidth.getAsInt()));
            return new Experts(count, perToken, expert.widened(factor), shared, sharedGated, routerBias, routing);
        }
    }
}
