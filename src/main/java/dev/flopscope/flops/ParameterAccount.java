package dev.flopscope.flops;

import dev.flopscope.config.ModelConfig;

/**
 * Parameters by part.
 *
 * @param embedding V·D, the token embedding
 * @param attention of one block: 2·D·H·d for queries and output, 2·D·K·d for keys and values
 * @param feedForward of one block: D·F for each of its two or three matrices
 * @param norms of one block: two vectors of D
 * @param layers L
 * @param finalNorm D
 * @param lmHead V·D, or 0 if tied to the embedding
 */
public record ParameterAccount(
        long embedding, long attention, long feedForward, long norms, int layers, long finalNorm, long lmHead) {

    /**
     * The closed form for {@code model}.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    public static ParameterAccount of(ModelConfig model) {
        long dModel = model.dModel();
        long embedding = Exact.product(model.vocabSize(), dModel);
        long queriesAndOutput = Exact.product(2, dModel, model.queryWidth());
        long keysAndValues = Exact.product(2, dModel, model.keyValueWidth());
        ParameterAccount account = new ParameterAccount(
                embedding,
                Exact.sum(queriesAndOutput, keysAndValues),
                Exact.product(model.feedForward().products(), dModel, model.dFf()),
                Exact.product(2, dModel),
                model.numLayers(),
                dModel,
                model.tieEmbeddings() ? 0 : embedding);
        account.total();
        return account;
    }

    /** Parameters of one block. */
    public long block() {
        return Exact.sum(attention, feedForward, norms);
    }

    /** Parameters of all blocks. */
    public long blocks() {
        return Exact.product(layers, block());
    }

    /** All parameters. */
    public long total() {
        return Exact.sum(embedding, blocks(), finalNorm, lmHead);
    }

    /** Parameters that take memory when all layers share one block's. */
    public long totalWithOneBlock() {
        return Exact.sum(embedding, block(), finalNorm, lmHead);
    }
}
