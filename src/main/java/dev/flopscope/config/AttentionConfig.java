package dev.flopscope.config;

import java.util.OptionalInt;

/**
 * The attention of one block. How it is computed, whole or in tiles, is {@link Attention}'s matter.
 *
 * @param numHeads H, query heads
 * @param numKvHeads K, key and value heads; fewer than H means grouped-query attention (Ainslie et al. 2023)
 * @param headDim d, width of one head; even, because rotary positions turn pairs
 * @param rotary the positions of queries and keys
 * @param window how many tokens a query sees, itself included, as in Mistral (Jiang et al. 2023); empty for all before it
 */
public record AttentionConfig(int numHeads, int numKvHeads, int headDim, RotaryConfig rotary, OptionalInt window) {
    /**
     * Checks every constraint between the extents.
     *
     * @throws IllegalArgumentException if one does not hold
     */
    public AttentionConfig {
        Constraints.requirePositive("num_heads", numHeads);
        Constraints.requirePositive("num_kv_heads", numKvHeads);
        Constraints.requirePositive("head_dim", headDim);
        window.ifPresent(tokens -> Constraints.requirePositive("window", tokens));
        Constraints.require(
                numHeads % numKvHeads == 0,
                "num_heads must be a multiple of num_kv_heads: num_heads=" + numHeads + ", num_kv_heads=" + numKvHeads);
        Constraints.require(headDim % 2 == 0, "head_dim must be even for rotary positions: head_dim=" + headDim);
        long width = (long) numHeads * headDim;
        Constraints.require(
                width <= Integer.MAX_VALUE, "num_heads * head_dim must be at most " + Integer.MAX_VALUE + ": " + width);
    }

    /** H·d: the width of the queries and of the attention's output. */
    public int queryWidth() {
        return numHeads * headDim;
    }

    /** K·d: the width of the keys and of the values. */
    public int keyValueWidth() {
        return numKvHeads * headDim;
    }

    /** H/K: the query heads that share a key/value head. */
    public int headsPerKeyValue() {
        return numHeads / numKvHeads;
    }

    /** The same attention with {@code factor} times as many heads of the same width. */
    AttentionConfig widened(int factor) {
        return new AttentionConfig(
                Math.multiplyExact(factor, numHeads), Math.multiplyExact(factor, numKvHeads), headDim, rotary, window);
    }
}
