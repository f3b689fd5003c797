package dev.flopscope.forward;

import dev.flopscope.config.ModelConfig;
import dev.flopscope.kernel.Positions;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.weights.ModelWeights;
import java.util.function.LongConsumer;

/**
 * Passes over one new token of each of B sequences, after what a cache holds of them: the same equations as
 * {@link Transformer}'s, where products of T rows become products of one.
 *
 * <p>One pass at a time: the buffers are reused.
 */
public final class Decoder {
    private final Layers layers;
    private final KvCache cache;
    private final int batch;

    /**
     * Allocates the buffers of a pass.
     *
     * @param model the extents
     * @param weights its parameters
     * @param batch B
     * @param cache what a {@link Transformer} has begun, of the same model and batch; each pass adds a position to it
     * @param machinery what does the work
     */
    public Decoder(ModelConfig model, ModelWeights weights, int batch, KvCache cache, Machinery machinery) {
        this.batch = batch;
        this.cache = cache;
        Activations activations = new Activations(model, batch, 1, machinery.activations());
        this.layers = new Layers(
                model,
                weights,
                cache.capacity(),
                activations,
                new OneTokenAttention(model, batch, cache, activations, machinery),
                machinery);
    }

    /**
     * Runs a pass.
     *
     * @param ids the next token of each sequence, B ids
     * @param progress told how many layers are done
     * @return the logits of what follows, (B, V); valid until the next pass
     * @throws IllegalArgumentException if there are not B ids
     * @throws IllegalStateException if the cache is empty or full
     */
    public Matrix decode(int[] ids, LongConsumer progress) {
        if (ids.length != batch) {
            throw new IllegalArgumentException("decoding for batch " + batch + " needs as many ids: " + ids.length);
        }
        int position = cache.length();
        if (position == 0 || position == cache.capacity()) {
            throw new IllegalStateException(
                    "no token can be decoded after " + position + " positions of a cache of " + cache.capacity());
        }
        Matrix logits = layers.forward(ids, new Positions(position, 1), progress);
        cache.holds(position + 1);
        return logits;
    }

    /** See {@link Transformer#warmUp}. */
    public void warmUp(long nanoseconds) {
        layers.warmUp(new Positions(0, 1), nanoseconds);
    }
}
