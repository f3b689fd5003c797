package dev.flopscope.flops;

import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.ModelConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters by part.
 *
 * @param embedding V·D, the token embedding
 * @param positions T·D of a model that learns a vector for each position, else 0
 * @param layers of each block, by its parts; layers whose blocks are the same share one entry
 * @param sharedBlocks of the blocks that take memory when layers whose blocks are the same share one block's. Blocks that
 *     differ, if only in their window, have parameters of their own, although the numbers may be equal
 * @param finalNorm of the norm before the LM head
 * @param lmHead V·D, or 0 if tied to the embedding
 */
public record ParameterAccount(
        long embedding, long positions, List<Block> layers, long sharedBlocks, long finalNorm, long lmHead) {
    /**
     * Parameters of one block.
     *
     * @param attention the matrices of its projections
     * @param feedForward the matrices of its feed-forward network
     * @param norms its norms, those of queries and keys included
     * @param biases its biases
     * @param idle of all of these, those that one token does not use: experts that are not chosen for it
     */
    public record Block(long attention, long feedForward, long norms, long biases, long idle) {
        static Block of(BlockConfig block, int dModel) {
            AttentionForms attention = new AttentionForms(block.attention(), dModel);
            FeedForwardForms feedForward = new FeedForwardForms(block.feedForward(), dModel);
            long norms = Exact.sum(
                    new NormForms(block.attentionNorm(), dModel).parameters(),
                    new NormForms(block.feedForwardNorm(), dModel).parameters());
            long times = block.arrangement() == BlockConfig.Arrangement.SANDWICH ? 2 : 1;
            return new Block(
                    attention.parameters(),
                    feedForward.parameters(),
                    Exact.sum(Exact.product(times, norms), attention.norms()),
                    Exact.sum(attention.biases(), feedForward.biases()),
                    feedForward.idle());
        }

        /** All of them. */
        public long total() {
            return Exact.sum(attention, feedForward, norms, biases);
        }
    }

    /** Keeps a copy of the list. */
    public ParameterAccount {
        layers = List.copyOf(layers);
    }

    /**
     * The closed form for {@code model}.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    public static ParameterAccount of(ModelConfig model) {
        Map<BlockConfig, Block> known = new HashMap<>();
        List<Block> layers = model.blocks().stream()
                .map(block -> known.computeIfAbsent(block, missing -> Block.of(missing, model.dModel())))
                .toList();
        ParameterAccount account = new ParameterAccount(
                Exact.product(model.vocabSize(), model.dModel()),
                model.positions().learned() ? Exact.product(model.contextLength(), model.dModel()) : 0,
                layers,
                Exact.sum(known.values().stream().mapToLong(Block::total).toArray()),
                new NormForms(model.head().norm(), model.dModel()).parameters(),
                new HeadForms(model).parameters());
        account.total();
        return account;
    }

    /** Of the first block, which is any block of a uniform model. */
    public Block firstBlock() {
        return layers.get(0);
    }

    /** Parameters of all blocks. */
    public long blocks() {
        return Exact.sum(layers.stream().mapToLong(Block::total).toArray());
    }

    /** All parameters. */
    public long total() {
        return Exact.sum(embedding, positions, blocks(), finalNorm, lmHead);
    }

    /** Parameters that one token uses: all but those of experts that are not chosen for it. */
    public long active() {
        return total() - Exact.sum(layers.stream().mapToLong(Block::idle).toArray());
    }

    /** All parameters that take memory when layers whose blocks are the same share one block's. */
    public long sharedTotal() {
        return Exact.sum(embedding, positions, sharedBlocks, finalNorm, lmHead);
    }

    /**
     * Parameters that the products of {@code rows} rows read: the matrices of the blocks, of experts no more than are chosen, and
     * the LM head, tied or not.
     */
    long readByProducts(ModelConfig model, long rows) {
        return Exact.sum(
                Exact.sum(model.blocks().stream()
                        .mapToLong(block -> Exact.sum(
                                new AttentionForms(block.attention(), model.dModel()).parameters(),
                                new FeedForwardForms(block.feedForward(), model.dModel()).parametersReadBy(rows)))
                        .toArray()),
                embedding);
    }
}
