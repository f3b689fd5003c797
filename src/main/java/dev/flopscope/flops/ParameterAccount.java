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
 * @param layers of each block, by its parts; layers whose blocks are the same share one entry
 * @param sharedBlocks of the blocks that take memory when layers whose blocks are the same share one block's. Blocks that
 *     differ, if only in their window, have parameters of their own, although the numbers may be equal
 * @param finalNorm of the norm before the LM head
 * @param lmHead V·D, or 0 if tied to the embedding
 */
public record ParameterAccount(long embedding, List<Block> layers, long sharedBlocks, long finalNorm, long lmHead) {
    /**
     * Parameters of one block.
     *
     * @param attention its projections
     * @param feedForward its matrices
     * @param norms its norms
     */
    public record Block(long attention, long feedForward, long norms) {
        static Block of(BlockConfig block, int dModel) {
            return new Block(
                    new AttentionForms(block.attention(), dModel).parameters(),
                    new FeedForwardForms(block.feedForward(), dModel).parameters(),
                    Exact.sum(
                            new NormForms(block.attentionNorm(), dModel).parameters(),
                            new NormForms(block.feedForwardNorm(), dModel).parameters()));
        }

        /** All of them. */
        public long total() {
            return Exact.sum(attention, feedForward, norms);
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
        return Exact.sum(embedding, blocks(), finalNorm, lmHead);
    }

    /** All parameters that take memory when layers whose blocks are the same share one block's. */
    public long sharedTotal() {
        return Exact.sum(embedding, sharedBlocks, finalNorm, lmHead);
    }

    /** Parameters that products read: those of the blocks but for norms, and the LM head, tied or not. */
    public long readByProducts() {
        return Exact.sum(
                Exact.sum(layers.stream()
                        .mapToLong(block -> Exact.sum(block.attention(), block.feedForward()))
                        .toArray()),
                embedding);
    }
}
