package dev.flopscope.weights;

/**
 * The parameters of one block.
 *
 * @param attentionNorm of the norm before attention
 * @param attention of attention
 * @param feedForwardNorm of the norm before the feed-forward network
 * @param feedForward of the feed-forward network
 */
public record BlockWeights(
        NormWeights attentionNorm,
        AttentionWeights attention,
        NormWeights feedForwardNorm,
        FeedForwardWeights feedForward) {

    /** Parameters in memory. */
    public long parameters() {
        return attentionNorm.parameters()
                + attention.parameters()
                + feedForwardNorm.parameters()
                + feedForward.parameters();
    }
}
