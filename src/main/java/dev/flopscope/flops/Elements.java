package dev.flopscope.flops;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.BlockConfig.Arrangement;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;

/**
 * What happens element by element in one layer over a phase, which we do not count and others do; and how many of attention's
 * FLOPs the mask keeps.
 *
 * @param normed elements that go through norms, those of queries and keys included
 * @param usefulFlops FLOPs of the scores and weighted values that neither the causal mask nor a window makes useless
 * @param bandFlops the same if each query met as many positions as its window has, or all of them if it has none
 */
public record Elements(long normed, long usefulFlops, long bandFlops) {
    /**
     * The closed form of one layer.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    public static Elements of(ModelConfig model, Phase phase, int layer) {
        BlockConfig block = model.blocks().get(layer);
        AttentionConfig heads = block.attention();
        long norms = block.arrangement() == Arrangement.SANDWICH ? 4 : 2;
        long inAttention = heads.queryKeyNorm().isPresent() ? Exact.sum(heads.queryWidth(), heads.keyWidth()) : 0;
        long narrow = heads.latent()
                .map(latent -> Exact.sum(latent.queryRank().orElse(0), latent.rank()))
                .orElse(0L);
        AttentionForms attention = new AttentionForms(heads, model.dModel());
        return new Elements(
                Exact.product(
                        new Tokens(phase).all(), Exact.sum(Exact.product(norms, model.dModel()), inAttention, narrow)),
                attention.usefulFlops(phase),
                attention.bandFlops(phase));
    }
}
