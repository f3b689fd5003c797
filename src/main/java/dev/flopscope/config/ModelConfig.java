package dev.flopscope.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A decoder: what the closed forms and the forward pass are functions of.
 *
 * @param name what reports call the model
 * @param embedding the token embedding
 * @param positions the positions that the model was made for
 * @param blocks the blocks, in the order of a pass; they may differ
 * @param head the final norm and the LM head
 * @param architecture where the model comes from
 */
public record ModelConfig(
        String name,
        EmbeddingConfig embedding,
        PositionsConfig positions,
        List<BlockConfig> blocks,
        HeadConfig head,
        Architecture architecture) {
    /** A list entry a layer is kept, and every layer has sites of its own; no published model comes near this. */
    public static final int MOST_LAYERS = 100_000;

    /**
     * Keeps a copy of the list.
     *
     * @throws IllegalArgumentException if there is no block, or more than {@link #MOST_LAYERS}
     */
    public ModelConfig {
        requireLayers(blocks.size());
        blocks = List.copyOf(blocks);
    }

    /** A model of this project's own. */
    public ModelConfig(
            String name,
            EmbeddingConfig embedding,
            PositionsConfig positions,
            List<BlockConfig> blocks,
            HeadConfig head) {
        this(name, embedding, positions, blocks, head, Architecture.DECODER);
    }

    /**
     * A model whose blocks are all the same.
     *
     * @param numLayers L
     * @throws IllegalArgumentException if there is no block, or more than {@link #MOST_LAYERS}
     */
    public static ModelConfig uniform(
            String name,
            EmbeddingConfig embedding,
            PositionsConfig positions,
            int numLayers,
            BlockConfig block,
            HeadConfig head) {
        requireLayers(numLayers);
        return new ModelConfig(name, embedding, positions, Collections.nCopies(numLayers, block), head);
    }

    private static void requireLayers(int numLayers) {
        Constraints.requirePositive("num_layers", numLayers);
        Constraints.require(
                numLayers <= MOST_LAYERS, "num_layers must be at most " + MOST_LAYERS + ": num_layers=" + numLayers);
    }

    /** V. */
    public int vocabSize() {
        return embedding.vocabSize();
    }

    /** D. */
    public int dModel() {
        return embedding.dModel();
    }

    /** The longest sequence that the model was made for. */
    public int contextLength() {
        return positions.contextLength();
    }

    /** L. */
    public int numLayers() {
        return blocks.size();
    }

    /** How many layers each different block has, in the order in which they first come: for display, never for counts. */
    public Map<BlockConfig, Integer> layersByBlock() {
        Map<BlockConfig, Integer> layers = new LinkedHashMap<>();
        blocks.forEach(block -> layers.merge(block, 1, Integer::sum));
        return layers;
    }

    /** The first block, which is every block in a uniform model. */
    public BlockConfig firstBlock() {
        return blocks.get(0);
    }

    /** Whether all blocks are the same. */
    public boolean isUniform() {
        return layersByBlock().size() == 1;
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
                new EmbeddingConfig(vocabSize(), Math.multiplyExact(factor, dModel()), embedding.scale()),
                positions,
                blocks.stream().map(block -> block.widened(factor)).toList(),
                head,
                architecture);
    }
}
