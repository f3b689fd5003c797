package dev.flopscope.weights;

import java.util.Optional;

/**
 * The parameters of one block.
 *
 * @param attentionNorm of the norm of attention
 * @param attention of attention
 * @param feedForwardNorm of the norm of the feed-forward network
 * @param feedForward of the feed-forward network
 * @param after of the norms behind both halves, in a block that has norms before and behind
 */
public record BlockWeights(
        NormWeights attentionNorm,
        AttentionWeights attention,
        NormWeights feedForwardNorm,
        FeedForwardWeights feedForward,
        Optional<After> after) {
    /** Norms behind the two halves. */
    public record After(NormWeights attention, NormWeights feedForward) {}

    /** Parameters in memory. */
    public long parameters() {
        return attentionNorm.parameters()
                + attention.parameters()
                + feedForwardNorm.parameters()
                + feedForward.parameters()
                + after.map(norms -> norms.attention().parameters()
                                + norms.feedForward().parameters())
                        .orElse(0L);
    }
}
