package dev.flopscope.forward;

import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.kernel.Positions;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.weights.ModelWeights;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A decoder's forward pass over B sequences of T tokens: pre-norm blocks of causal attention with rotary positions and a
 * gated feed-forward network (Touvron et al. 2023, §2.2), at GPT-2's sizes.
 *
 * <p>Every product goes through the {@link Matmul} port under the name of its site. One pass at a time: the buffers are
 * reused from layer to layer and from pass to pass.
 */
public final class Transformer {
    private final Layers layers;
    private final Optional<KvCache> cache;
    private final Positions positions;
    private final int batch;
    private final int tokens;

    /**
     * Allocates the buffers for passes of one size.
     *
     * @param model the extents
     * @param weights its parameters
     * @param batch B
     * @param tokens T, which may exceed the model's context length, since positions are rotary
     * @param attention the algorithm of attention and its tiles
     * @param machinery what does the work
     */
    public Transformer(
            ModelConfig model, ModelWeights weights, int batch, int tokens, Attention attention, Machinery machinery) {
        this(model, weights, batch, tokens, attention, machinery, Optional.empty());
    }

    /**
     * The same, beginning a cache for a {@link Decoder} with every pass.
     *
     * @param cache of the same model and batch, for at least T positions; what it held is overwritten
     * @throws IllegalArgumentException if the cache is too short
     */
    public Transformer(
            ModelConfig model,
            ModelWeights weights,
            int batch,
            int tokens,
            Attention attention,
            Machinery machinery,
            Optional<KvCache> cache) {
        if (cache.isPresent() && cache.get().capacity() < tokens) {
            throw new IllegalArgumentException(
                    "a cache of " + cache.get().capacity() + " positions cannot hold " + tokens + " tokens");
        }
        this.cache = cache;
        this.batch = batch;
        this.tokens = tokens;
        this.positions = new Positions(0, tokens);
        Activations activations = new Activations(model, batch, tokens, machinery.activations());
        HeadAttention heads = attention.algorithm() == Attention.Algorithm.FULL
                ? new FullAttention(model, batch, tokens, activations, machinery)
                : new TiledAttention(model, batch, tokens, attention, activations, machinery);
        HeadAttention keeping = cache.<HeadAttention>map(
                        kept -> new CachingAttention(heads, kept, positions, activations, machinery.kernels()))
                .orElse(heads);
        this.layers = new Layers(model, weights, tokens, activations, keeping, machinery);
    }

    /**
     * Runs a pass.
     *
     * @param ids B·T token ids, sequence by sequence
     * @param progress told how many layers are done
     * @return the logits, (B·T, V); valid until the next pass
     * @throws IllegalArgumentException if there are not B·T ids
     */
    public Matrix forward(int[] ids, LongConsumer progress) {
        if (ids.length != batch * (long) tokens) {
            throw new IllegalArgumentException("a pass of batch " + batch + " and context " + tokens + " needs "
                    + batch * (long) tokens + " ids: " + ids.length);
        }
        Matrix logits = layers.forward(ids, positions, progress);
        cache.ifPresent(kept -> kept.holds(tokens));
        return logits;
    }

    /**
     * Runs what happens between products on the zeros in the buffers, so that the first pass finds it compiled. No product
     * happens, so nothing is counted; nothing is timed either.
     *
     * @param nanoseconds how long, at least; each kernel runs at least once
     */
    public void warmUp(long nanoseconds) {
        layers.warmUp(positions, nanoseconds);
    }
}
