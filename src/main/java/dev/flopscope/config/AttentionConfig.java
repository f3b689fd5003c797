package dev.flopscope.config;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The attention of one block. How it is computed, whole or in tiles, is {@link Attention}'s matter.
 *
 * @param numHeads H, query heads
 * @param numKvHeads K, key and value heads; fewer than H means grouped-query attention (Ainslie et al. 2023)
 * @param headDim d, width of one head of queries and keys; even where rotary positions turn pairs
 * @param valueDim width of one head of values; d but in multi-head latent attention
 * @param scale what scores are multiplied by, 1/√d in most models
 * @param rotary the positions of queries and keys; empty where positions are learned
 * @param window how many tokens a query sees, itself included, as in Mistral (Jiang et al. 2023); empty for all before it
 * @param inputBias whether the projections of queries, keys and values have biases
 * @param outputBias whether the output projection has a bias
 * @param queryKeyNorm the norm of queries and keys before they are turned, if they have one
 * @param latent the narrow vectors of multi-head latent attention, if it is that
 * @param sinks whether each head has a learned score that no value stands behind (OpenAI 2025, gpt-oss)
 * @param softCap c, where scores s become c·tanh(s/c) before the softmax, as in Gemma 2 (Gemma Team 2024)
 */
public record AttentionConfig(
        int numHeads,
        int numKvHeads,
        int headDim,
        int valueDim,
        double scale,
        Optional<RotaryConfig> rotary,
        OptionalInt window,
        boolean inputBias,
        boolean outputBias,
        Optional<HeadNorm> queryKeyNorm,
        Optional<LatentConfig> latent,
        boolean sinks,
        OptionalDouble softCap) {
    /**
     * A norm of queries and keys.
     *
     * @param norm which
     * @param perHead whether each head is normalised by itself with one vector of d gains, as in Qwen3, or all heads together
     *     with a gain for each column, as in OLMo 2
     */
    public record HeadNorm(NormConfig norm, boolean perHead) {}

    /**
     * Checks every constraint between the extents.
     *
     * @throws IllegalArgumentException if one does not hold
     */
    public AttentionConfig {
        Constraints.requirePositive("num_heads", numHeads);
        Constraints.requirePositive("num_kv_heads", numKvHeads);
        Constraints.requirePositive("head_dim", headDim);
        Constraints.requirePositive("v_head_dim", valueDim);
        window.ifPresent(tokens -> Constraints.requirePositive("window", tokens));
        Constraints.require(
                numHeads % numKvHeads == 0,
                "num_heads must be a multiple of num_kv_heads: num_heads=" + numHeads + ", num_kv_heads=" + numKvHeads);
        int turned = rotary.isEmpty() ? 2 : rotary.get().width().orElse(headDim);
        Constraints.require(turned % 2 == 0, "head_dim must be even for rotary positions: head_dim=" + headDim);
        Constraints.require(
                rotary.isEmpty() || turned <= headDim,
                "rotary_dim must be at most head_dim: rotary_dim=" + turned + ", head_dim=" + headDim);
        Constraints.require(scale > 0 && Double.isFinite(scale), "the scale of scores must be positive: " + scale);
        softCap.ifPresent(cap -> Constraints.require(cap > 0, "the cap of scores must be positive: " + cap));
        long width = (long) numHeads * Math.max(headDim, valueDim);
        Constraints.require(
                width <= Integer.MAX_VALUE, "num_heads * head_dim must be at most " + Integer.MAX_VALUE + ": " + width);
    }

    /** Scores as they are. */
    public AttentionConfig(
            int numHeads,
            int numKvHeads,
            int headDim,
            int valueDim,
            double scale,
            Optional<RotaryConfig> rotary,
            OptionalInt window,
            boolean inputBias,
            boolean outputBias,
            Optional<HeadNorm> queryKeyNorm,
            Optional<LatentConfig> latent,
            boolean sinks) {
        this(
                numHeads,
                numKvHeads,
                headDim,
                valueDim,
                scale,
                rotary,
                window,
                inputBias,
                outputBias,
                queryKeyNorm,
                latent,
                sinks,
                OptionalDouble.empty());
    }

    /** Rotary positions in whole heads, and nothing more. */
    public AttentionConfig(int numHeads, int numKvHeads, int headDim, RotaryConfig rotary, OptionalInt window) {
        this(
                numHeads,
                numKvHeads,
                headDim,
                headDim,
                1 / Math.sqrt(headDim),
                Optional.of(rotary),
                window,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** H·d: the width of the queries. */
    public int queryWidth() {
        return numHeads * headDim;
    }

    /** K·d: the width of the keys. */
    public int keyWidth() {
        return numKvHeads * headDim;
    }

    /** The width of the values of all K heads. */
    public int valueWidth() {
        return numKvHeads * valueDim;
    }

    /** The width of what all H heads put out. */
    public int outputWidth() {
        return numHeads * valueDim;
    }

    /** H/K: the query heads that share a key/value head. */
    public int headsPerKeyValue() {
        return numHeads / numKvHeads;
    }

    /** The same attention with {@code factor} times as many heads of the same width. */
    AttentionConfig widened(int factor) {
        return new AttentionConfig(
                Math.multiplyExact(factor, numHeads),
                Math.multiplyExact(factor, numKvHeads),
                headDim,
                valueDim,
                scale,
                rotary,
                window,
                inputBias,
                outputBias,
                queryKeyNorm,
                latent,
                sinks,
                softCap);
    }

    /** The same attention with soft-capped scores. */
    public AttentionConfig capped(double cap) {
        return new AttentionConfig(
                numHeads,
                numKvHeads,
                headDim,
                valueDim,
                scale,
                rotary,
                window,
                inputBias,
                outputBias,
                queryKeyNorm,
                latent,
                sinks,
                OptionalDouble.of(cap));
    }
}
