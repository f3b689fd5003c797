package dev.flopscope.config;

import java.util.LinkedHashMap;
import java.util.Map;

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

    /**
     * The extents by the letters of closed forms: H, K, d and F; w of a window; E and k of experts, F_s of their shared network;
     * R_q, R, d_r and d_v of multi-head latent attention.
     */
    public Map<String, Long> extents() {
        Map<String, Long> extents = new LinkedHashMap<>();
        extents.put("H", (long) attention.numHeads());
        extents.put("K", (long) attention.numKvHeads());
        extents.put("d", (long) attention.headDim());
        extents.put("F", (long) feedForward.width());
        attention.window().ifPresent(window -> extents.put("w", (long) window));
        attention.latent().ifPresent(latent -> {
            latent.queryRank().ifPresent(rank -> extents.put("R_q", (long) rank));
            extents.put("R", (long) latent.rank());
            extents.put("d_r", (long) latent.rotaryWidth());
            extents.put("d_v", (long) attention.valueDim());
        });
        if (feedForward instanceof FeedForwardConfig.Experts mixture) {
            extents.put("E", (long) mixture.count());
            extents.put("k", (long) mixture.perToken());
            mixture.sharedWidth().ifPresent(width -> extents.put("F_s", (long) width));
        }
        return extents;
    }

    BlockConfig widened(int factor) {
        return new BlockConfig(
                attentionNorm, attention.widened(factor), feedForwardNorm, feedForward.widened(factor), arrangement);
    }
}
