package dev.flopscope.config;

import java.util.OptionalInt;

/**
 * Multi-head latent attention (DeepSeek-AI 2024, §2.1): queries, and keys with values, go through a narrow vector with a norm.
 * A part of each head carries no position; the rest is turned, and its keys are one for all heads.
 *
 * @param queryRank width of the queries' vector; empty where queries are projected at once
 * @param rank width of the keys' and values' vector
 * @param rotaryWidth columns of a head that are turned
 * @param norm the norm of both vectors
 * @param interleaved whether checkpoints have the two columns of a pair side by side
 */
public record LatentConfig(OptionalInt queryRank, int rank, int rotaryWidth, NormConfig norm, boolean interleaved) {
    /**
     * Checks the extents.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public LatentConfig {
        queryRank.ifPresent(width -> Constraints.requirePositive("q_lora_rank", width));
        Constraints.requirePositive("kv_lora_rank", rank);
        Constraints.requirePositive("qk_rope_head_dim", rotaryWidth);
    }

    /** Columns of what is projected down: the narrow vector, and the keys' part that is turned. */
    public int downWidth() {
        return Math.addExact(rank, rotaryWidth);
    }

    /** Columns of one head that are made of the narrow vector: of keys those without position, and of values all. */
    public int unfoldedWidth(AttentionConfig heads) {
        return heads.headDim() - rotaryWidth + heads.valueDim();
    }
}
