package dev.flopscope.config;

import java.util.OptionalDouble;

/**
 * What follows the blocks: a norm, and the LM head that makes logits.
 *
 * @param norm the final norm
 * @param tied whether the LM head reuses the embedding's matrix
 * @param softCap c, where logits l become c·tanh(l/c), as in Gemma 2 (Gemma Team 2024)
 */
public record HeadConfig(NormConfig norm, boolean tied, OptionalDouble softCap) {
    /**
     * Checks the cap.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public HeadConfig {
        softCap.ifPresent(cap -> Constraints.require(cap > 0, "the cap of logits must be positive: " + cap));
    }

    /** Logits as they are. */
    public HeadConfig(NormConfig norm, boolean tied) {
        this(norm, tied, OptionalDouble.empty());
    }
}
