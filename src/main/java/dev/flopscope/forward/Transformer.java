package dev.flopscope.forward;

import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.kernel.Kernels;
import dev.flopscope.kernel.RotaryEmbedding;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.function.LongConsumer;

/**
 * A decoder's forward pass over B sequences of T tokens: pre-norm blocks of causal attention with rotary positions and a
 * gated feed-forward network (Touvron et al. 2023, §2.2), at GPT-2's sizes.
 *
 * <p>Every product goes through the {@link Matmul} port under the name of its site. One pass at a time: the buffers are
 * reused from layer to layer and from pass to pass.
 */
public final class Transformer {
    private final ModelConfig model;
    private final ModelWeights weights;
    private final Matmul matmul;
    private final TimedKernels kernels;
    private final Activations activations;
    private final RotaryEmbedding rotary;
    /** 1/√d. The queries carry it, so that their products with the keys are the scores that softmax takes. */
    private final float scoreScale;

    private final HeadAttention attention;
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
        this.model = model;
        this.weights = weights;
        this.batch = batch;
        this.tokens = tokens;
        this.matmul = machinery.matmul();
        this.kernels = machinery.kernels();
        this.activations = new Activations(model, batch, tokens, machinery.activations());
        this.scoreScale = (float) (1 / Math.sqrt(model.headDim()));
        this.rotary = new RotaryEmbedding(tokens, model.headDim(), model.ropeTheta());
        this.attention = attention.algorithm() == Attention.Algorithm.FULL
                ? new FullAttention(model, batch, tokens, activations, machinery)
                : new TiledAttention(model, batch, tokens, attention, activations, machinery);
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
        kernels.embed(weights.embedding(), ids, activations.residual);
        for (int layer = 0; layer < model.numLayers(); layer++) {
            BlockWeights block = weights.blocks().get(layer);
            attention(layer, block);
            feedForward(layer, block);
            progress.accept(layer + 1L);
        }
        return logits();
    }

    /**
     * Runs what happens between products on the zeros in the buffers, so that the first pass finds it compiled. No product
     * happens, so nothing is counted; nothing is timed either.
     *
     * @param nanoseconds how long, at least; each kernel runs at least once
     */
    public void warmUp(long nanoseconds) {
        BlockWeights block = weights.blocks().get(0);
        Kernels bare = kernels.kernels();
        long start = System.nanoTime();
        do {
            bare.rmsNorm(activations.residual, block.attentionNorm(), model.normEps(), activations.normed);
            bare.rotate(activations.queries, rotary, scoreScale);
            attention.warmUp();
            bare.add(activations.residual, activations.normed);
            activations.gate.ifPresentOrElse(
                    gate -> bare.swiGlu(gate, activations.up), () -> bare.gelu(activations.up));
        } while (System.nanoTime() - start < nanoseconds);
    }

    /** x += o(attention(q, k, v)) with q, k, v from norm(x). */
    private void attention(int layer, BlockWeights block) {
        kernels.rmsNorm(layer, activations.residual, block.attentionNorm(), model.normEps(), activations.normed);
        project(MatmulKind.Q_PROJ, layer, activations.normed, block.query(), activations.queries);
        project(MatmulKind.K_PROJ, layer, activations.normed, block.key(), activations.keys);
        project(MatmulKind.V_PROJ, layer, activations.normed, block.value(), activations.values);
        kernels.rotate(layer, activations.queries, rotary, scoreScale);
        kernels.rotate(layer, activations.keys, rotary, 1);
        attention.attend(layer);
        project(MatmulKind.O_PROJ, layer, activations.attention, block.output(), activations.normed);
        kernels.add(layer, activations.residual, activations.normed);
    }

    /** x += down(silu(gate(norm(x))) · up(norm(x))), or x += down(gelu(up(norm(x)))). */
    private void feedForward(int layer, BlockWeights block) {
        kernels.rmsNorm(layer, activations.residual, block.feedForwardNorm(), model.normEps(), activations.normed);
        Matrix inner = switch (model.feedForward()) {
            case SWIGLU -> gated(layer, block, activations.gate.orElseThrow());
            case GELU -> ungated(layer, block);
        };
        project(MatmulKind.FFN_DOWN, layer, inner, block.down(), activations.normed);
        kernels.add(layer, activations.residual, activations.normed);
    }

    private Matrix gated(int layer, BlockWeights block, Matrix gate) {
        project(MatmulKind.FFN_GATE, layer, activations.normed, block.gate().orElseThrow(), gate);
        project(MatmulKind.FFN_UP, layer, activations.normed, block.up(), activations.up);
        kernels.swiGlu(layer, gate, activations.up);
        return gate;
    }

    private Matrix ungated(int layer, BlockWeights block) {
        project(MatmulKind.FFN_UP, layer, activations.normed, block.up(), activations.up);
        kernels.gelu(layer, activations.up);
        return activations.up;
    }

    private Matrix logits() {
        kernels.rmsNorm(
                MatmulSite.NO_LAYER, activations.residual, weights.finalNorm(), model.normEps(), activations.normed);
        matmul.project(MatmulSite.lmHead(), activations.normed.array(), weights.lmHead(), activations.logits.array());
        return activations.logits;
    }

    /** result = x · Wᵀ for all B·T rows. */
    private void project(MatmulKind kind, int layer, Matrix x, Weight weight, Matrix result) {
        matmul.project(new MatmulSite(kind, layer), x.array(), weight, result.array());
    }
}
