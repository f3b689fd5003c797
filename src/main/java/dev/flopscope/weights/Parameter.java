package dev.flopscope.weights;

/**
 * The name of one tensor of parameters, whatever a checkpoint calls it.
 *
 * @param role what it does
 * @param layer its layer, or −1 outside the layers
 * @param expert its expert, or −1
 * @param bias whether it is the bias beside a matrix or a norm's gains
 */
public record Parameter(Role role, int layer, int expert, boolean bias) {
    /** What a tensor does. */
    public enum Role {
        /** A row a token. */
        EMBEDDING,
        /** A row a position. */
        POSITIONS,
        /** The norm of attention. */
        ATTENTION_NORM,
        /** Queries. */
        QUERY,
        /** Keys. */
        KEY,
        /** Values. */
        VALUE,
        /** Attention's output. */
        OUTPUT,
        /** The norm of queries. */
        QUERY_NORM,
        /** The norm of keys. */
        KEY_NORM,
        /** The score of each head that no value stands behind. */
        SINKS,
        /** D to the queries' narrow vector. */
        QUERY_DOWN,
        /** The norm of the queries' narrow vector. */
        QUERY_DOWN_NORM,
        /** D to the keys' and values' narrow vector. */
        LATENT_DOWN,
        /** The norm of the keys' and values' narrow vector. */
        LATENT_NORM,
        /** Keys and values from their narrow vector. */
        LATENT_UP,
        /** The norm behind attention, in a block with norms before and behind. */
        AFTER_ATTENTION_NORM,
        /** The norm of the feed-forward network. */
        FEED_FORWARD_NORM,
        /** The gate. */
        GATE,
        /** D to F. */
        UP,
        /** F to D. */
        DOWN,
        /** The router of experts. */
        ROUTER,
        /** What is added to a router's scores. */
        CORRECTION,
        /** The gate of the shared expert. */
        SHARED_GATE,
        /** The shared expert, D to its width. */
        SHARED_UP,
        /** The shared expert, back to D. */
        SHARED_DOWN,
        /** What weights the shared expert. */
        SHARED_ROUTER,
        /** The norm behind the feed-forward network, in a block with norms before and behind. */
        AFTER_FEED_FORWARD_NORM,
        /** The norm before the LM head. */
        FINAL_NORM,
        /** The LM head. */
        LM_HEAD;

        /** Whether it is a vector of gains, or of biases beside them. */
        boolean isNorm() {
            return name().endsWith("_NORM");
        }

        /** Whether it is a vector beside the projections, which has a name of its own and no bias. */
        boolean standsAlone() {
            return this == CORRECTION || this == SINKS;
        }
    }

    static Parameter outside(Role role) {
        return new Parameter(role, -1, -1, false);
    }

    Parameter itsBias() {
        return new Parameter(role, layer, expert, true);
    }
}
