package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;

/** The parameters of a block's feed-forward network. Matrices are [out, in]. */
public sealed interface FeedForwardWeights {
    /** Parameters in memory. */
    long parameters();

    /**
     * With a gate.
     *
     * @param gate (F, D)
     * @param up (F, D)
     * @param down (D, F)
     */
    record Gated(Tensor gate, Tensor up, Tensor down) implements FeedForwardWeights {
        @Override
        public long parameters() {
            return gate.size() + up.size() + down.size();
        }
    }

    /**
     * Without a gate.
     *
     * @param up (F, D)
     * @param down (D, F)
     */
    record Plain(Tensor up, Tensor down) implements FeedForwardWeights {
        @Override
        public long parameters() {
            return up.size() + down.size();
        }
    }
}
