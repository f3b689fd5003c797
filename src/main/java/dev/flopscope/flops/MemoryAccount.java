package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a float32 pass by this executor.
 *
 * @param weightsBytes all parameters
 * @param sharedWeightsBytes parameters when all layers share one block's
 * @param activations the buffers that a pass reuses from layer to layer
 * @param kvCacheBytes keys and values of every layer, 2·L·B·T·K·d floats: what a decoder would keep; a pass over a whole
 *     sequence keeps one layer's only, which is among the activations
 */
public record MemoryAccount(long weightsBytes, long sharedWeightsBytes, List<Buffer> activations, long kvCacheBytes) {

    /** Bytes of one float32. */
    private static final long FLOAT_BYTES = 4;

    /**
     * One buffer of activations.
     *
     * @param name what it holds
     * @param rows its rows
     * @param columns its columns
     */
    public record Buffer(String name, long rows, long columns) {
        /**
         * Its size.
         *
         * @throws ArithmeticException if it exceeds 2⁶³−1
         */
        public long bytes() {
            return Exact.product(FLOAT_BYTES, rows, columns);
        }
    }

    /** Keeps a copy of the list. */
    public MemoryAccount {
        activations = List.copyOf(activations);
    }

    /**
     * The closed form for a pass of {@code model} over {@code batch} sequences of {@code tokens}.
     *
     * @throws ArithmeticException if a size exceeds 2⁶³−1
     */
    static MemoryAccount of(
            ModelConfig model, ParameterAccount parameters, long batch, long tokens, Attention attention) {
        long keysAndValues = Exact.product(2, model.numLayers(), batch, tokens, model.keyValueWidth());
        MemoryAccount account = new MemoryAccount(
                Exact.product(FLOAT_BYTES, parameters.total()),
                Exact.product(FLOAT_BYTES, parameters.totalWithOneBlock()),
                buffers(model, Exact.product(batch, tokens), tokens, attention),
                Exact.product(FLOAT_BYTES, keysAndValues));
        account.activationsBytes();
        return account;
    }

    /**
     * Residual stream, one layer's intermediates, with full attention one head's T×T scores, and the logits. Tiles of scores
     * are as small as a cache, and not among them.
     */
    private static List<Buffer> buffers(ModelConfig model, long rows, long tokens, Attention attention) {
        List<Buffer> buffers = new ArrayList<>(List.of(
                new Buffer("residual", rows, model.dModel()),
                new Buffer("normed", rows, model.dModel()),
                new Buffer("queries", rows, model.queryWidth()),
                new Buffer("keys", rows, model.keyValueWidth()),
                new Buffer("values", rows, model.keyValueWidth()),
                new Buffer("attention", rows, model.queryWidth())));
        if (attention.algorithm() == Attention.Algorithm.FULL) {
            buffers.add(new Buffer("scores", tokens, tokens));
        }
        if (model.feedForward() == FeedForward.SWIGLU) {
            buffers.add(new Buffer("gate", rows, model.dFf()));
        }
        buffers.add(new Buffer("up", rows, model.dFf()));
        buffers.add(new Buffer("logits", rows, model.vocabSize()));
        return buffers;
    }

    /** All activations' bytes. */
    public long activationsBytes() {
        return Exact.sum(activations.stream().mapToLong(Buffer::bytes).toArray());
    }
}
