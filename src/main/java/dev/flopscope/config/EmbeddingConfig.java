package dev.flopscope.config;

/**
 * The token embedding.
 *
 * @param vocabSize V, its rows
 * @param dModel D, its columns: the width of the residual stream
 * @param scale what rows are multiplied by as they enter the stream: 1, or √D in Gemma
 */
public record EmbeddingConfig(int vocabSize, int dModel, double scale) {
    /**
     * Checks the extents.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public EmbeddingConfig {
        Constraints.requirePositive("vocab_size", vocabSize);
        Constraints.requirePositive("d_model", dModel);
    }

    /** Rows that enter as they are. */
    public EmbeddingConfig(int vocabSize, int dModel) {
        this(vocabSize, dModel, 1);
    }
}
