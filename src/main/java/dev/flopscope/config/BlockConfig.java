package dev.flopscope.config;

/**
 * One block, made of traits: {@code x += attention(norm(x))}, then {@code x += feedForward(norm(x))}.
 *
 * @param attentionNorm the norm before attention
 * @param attention the attention
 * @param feedForwardNorm the norm before the feed-forward network
 * @param feedForward the feed-forward network
 */
public record BlockConfig(
        NormConfig attentionNorm,
        AttentionConfig attention,
        NormConfig feedForwardNorm,
        FeedForwardConfig feedForward) {

    BlockConfig widened(int factor) {
        return new BlockConfig(attentionNorm, attention.widened(factor), feedForwardNorm, feedForward.widened(factor));
    }
}
