package dev.flopscope.config;

/**
 * The token embedding.
 *
 * @param vocabSize V, its rows
 * @param dModel D, its columns: the width of the residual stream
 */
public record EmbeddingConfig(int vocabSize, int dModel) {
    /**
     * Checks the extents.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public EmbeddingConfig {
        Constraints.requirePositive("vocab_size", vocabSize);
        Constraints.requirePositive("d_model", dModel);
    }
}
