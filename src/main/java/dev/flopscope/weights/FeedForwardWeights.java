package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import java.util.List;
import java.util.Optional;

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
    record Gated(Linear gate, Linear up, Linear down) implements FeedForwardWeights {
        @Override
        public long parameters() {
            return gate.parameters() + up.parameters() + down.parameters();
        }
    }

    /**
     * Without a gate.
     *
     * @param up (F, D)
     * @param down (D, F)
     */
    record Plain(Linear up, Linear down) implements FeedForwardWeights {
        @Override
        public long parameters() {
            return up.parameters() + down.parameters();
        }
    }

    /**
     * A mixture of experts.
     *
     * @param router (E, D)
     * @param correction (1, E), what is added to scores for the choice of experts, if anything is
     * @param experts one entry an expert
     * @param shared what every token goes through as well, if there is such a network
     * @param sharedRouter (1, D), what weights it, if anything does
     */
    record Experts(
            Linear router,
            Optional<Tensor> correction,
            List<Gated> experts,
            Optional<Gated> shared,
            Optional<Linear> sharedRouter)
            implements FeedForwardWeights {
        /** Keeps a copy of the list. */
        public Experts {
            experts = List.copyOf(experts);
        }

        @Override
        public long parameters() {
            return router.parameters()
                    + correction.map(Tensor::size).orElse(0L)
                    + experts.stream().mapToLong(Gated::parameters).sum()
                    + shared.map(Gated::parameters).orElse(0L)
                    + sharedRouter.map(Linear::parameters).orElse(0L);
        }
    }
}
