package dev.flopscope.config;

/**
 * The extents and constants of a GPT-2-shaped decoder: what the closed forms and the forward pass are functions of.
 *
 * @param name what reports call the model
 * @param vocabSize V, rows of the embedding and of the LM head
 * @param contextLength longest sequence the model was made for; rotary positions allow longer ones
 * @param numLayers L, blocks
 * @param dModel D, width of the residual stream
 * @param numHeads H, query heads
 * @param numKvHeads K, key and value heads; fewer than H means grouped-query attention
 * @param headDim d, width of one head; even, because rotary positions turn pairs
 * @param dFf F, inner width of the feed-forward network
 * @param tieEmbeddings whether the LM head reuses the embedding's matrix
 * @param feedForward SwiGLU or GELU
 * @param ropeTheta base of the rotary frequencies; Su et al. 2021 use 10,000
 * @param normEps what RMSNorm adds under its root
 */
public record ModelConfig(
        String name,
        int vocabSize,
        int contextLength,
        int numLayers,
        int dModel,
        int numHeads,
        int numKvHeads,
        int headDim,
        int dFf,
        boolean tieEmbeddings,
        FeedForward feedForward,
        double ropeTheta,
        double normEps) {

    /**
     * Checks every constraint between the extents.
     *
     * @throws IllegalArgumentException if one does not hold; the message states the constraint and the values
     */
    public ModelConfig {
        requirePositive("vocab_size", vocabSize);
        requirePositive("context_length", contextLength);
        requirePositive("num_layers", numLayers);
        requirePositive("d_model", dModel);
        requirePositive("num_heads", numHeads);
        requirePositive("num_kv_heads", numKvHeads);
        requirePositive("head_dim", headDim);
        requirePositive("d_ff", dFf);
        require(
                numHeads % numKvHeads == 0,
                "num_heads must be a multiple of num_kv_heads: num_heads=" + numHeads + ", num_kv_heads=" + numKvHeads);
        require(headDim % 2 == 0, "head_dim must be even for rotary positions: head_dim=" + headDim);
        requireExtent("num_heads * head_dim", (long) numHeads * headDim);
        require(ropeTheta > 0 && Double.isFinite(ropeTheta), "rope_theta must be positive: rope_theta=" + ropeTheta);
        require(normEps > 0 && Double.isFinite(normEps), "norm_eps must be positive: norm_eps=" + normEps);
    }

    /**
     * The same model {@code factor} times as wide: D, H, K and F grow, the width of a head stays.
     *
     * @param factor at least 1
     * @throws ArithmeticException if an extent exceeds 2³¹−1
     * @throws IllegalArgumentException if H·d exceeds 2³¹−1
     */
    public ModelConfig widened(int factor) {
        return new ModelConfig(
                name,
                vocabSize,
                contextLength,
                numLayers,
                Math.multiplyExact(factor, dModel),
                Math.multiplyExact(factor, numHeads),
                Math.multiplyExact(factor, numKvHeads),
                headDim,
                Math.multiplyExact(factor, dFf),
                tieEmbeddings,
                feedForward,
                ropeTheta,
                normEps);
    }

    /** H·d: the width of the queries and of the attention's output. */
    public int queryWidth() {
        return numHeads * headDim;
    }

    /** K·d: the width of the keys and of the values. */
    public int keyValueWidth() {
        return numKvHeads * headDim;
    }

    private static void requirePositive(String key, int value) {
        require(value > 0, key + " must be at least 1: " + key + "=" + value);
    }

    private static void requireExtent(String what, long value) {
        require(value <= Integer.MAX_VALUE, what + " must be at most " + Integer.MAX_VALUE + ": " + value);
    }

    private static void require(boolean holds, String constraint) {
        if (!holds) {
            throw new IllegalArgumentException(constraint);
        }
    }
}
