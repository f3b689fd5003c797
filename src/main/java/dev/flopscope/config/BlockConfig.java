package dev.flopscope.config;

/**
 * One block, made of traits: {@code x += attention(norm(x))}, then {@code x += feedForward(norm(x))}, or as its arrangement
 * has it.
 *
 * @param attentionNorm the norm of attention
 * @param attention the attention
 * @param feedForwardNorm the norm of the feed-forward network
 * @param feedForward the feed-forward network
 * @param arrangement where the norms stand
 */
public record BlockConfig(
        NormConfig attentionNorm,
        AttentionConfig attention,
        NormConfig feedForwardNorm,
        FeedForwardConfig feedForward,
        Arrangement arrangement) {

    /** Where the norms of a block stand, and what its feed-forward network reads. */
    public enum Arrangement {
        /** A norm before each half: {@code x += f(norm(x))}. */
        PRE_NORM,
        /** A norm after each half: {@code x += norm(f(x))}, as in OLMo 2. */
        POST_NORM,
        /** A norm before and one after each half: {@code x += norm(f(norm(x)))}, as in Gemma 2 and 3. */
        SANDWICH,
        /** Both halves read the same stream: {@code x += attention(norm(x)) + feedForward(norm(x))}, as in GPT-NeoX. */
        PARALLEL
    }

    /** A norm before each half. */
    public BlockConfig(
            NormConfig attentionNorm,
            AttentionConfig attention,
            NormConfig feedForwardNorm,
            FeedForwardConfig feedForward) {
        this(attentionNorm, attention, feedForwardNorm, feedForward, Arrangement.PRE_NORM);
    }

    BlockConfig widened(int factor) {
        return new BlockConfig(
                attentionNorm, attention.widened(factor), feedForwardNorm, feedForward.widened(factor), arrangement);
    }
}
