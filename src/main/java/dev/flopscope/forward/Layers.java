package dev.flopscope.forward;

import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.kernel.Kernels;
import dev.flopscope.kernel.Positions;
import dev.flopscope.kernel.RotaryEmbedding;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import dev.flopscope.time.Part;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.function.LongConsumer;

/**
 * Embedding, blocks and LM head: the equations of a pass, whether its rows are all tokens of a prompt or one new token of
 * each sequence. What differs between the two is where the rows stand and what they attend to.
 */
final class Layers {
    private final ModelConfig model;
    private final ModelWeights weights;
    private final Matmul matmul;
    private final Timeline timeline;
    private final TimedKernels kernels;
    private final Activations activations;
    private final HeadAttention attention;
    private final RotaryEmbedding rotary;
    /** 1/√d. The queries carry it, so that their products with the keys are the scores that softmax takes. */
    private final float scoreScale;

    /**
     * Makes no buffers.
     *
     * @param model the extents
     * @param weights its parameters
     * @param positions how many positions there are angles for
     * @param activations the buffers, which decide how many rows a pass has
     * @param attention what the rows attend to
     * @param machinery what does the work
     */
    Layers(
            ModelConfig model,
            ModelWeights weights,
            int positions,
            Activations activations,
            HeadAttention attention,
            Machinery machinery) {
        this.model = model;
        this.weights = weights;
        this.matmul = machinery.matmul();
        this.timeline = machinery.timeline();
        this.kernels = machinery.kernels();
        this.activations = activations;
        this.attention = attention;
        this.scoreScale = (float) (1 / Math.sqrt(model.headDim()));
        this.rotary = new RotaryEmbedding(positions, model.headDim(), model.ropeTheta());
    }

    /**
     * Runs a pass.
     *
     * @param ids a token id a row, sequence by sequence
     * @param positions where the rows stand
     * @param progress told how many layers are done
     * @return the logits, (rows, V); valid until the next pass
     */
    Matrix forward(int[] ids, Positions positions, LongConsumer progress) {
        timeline.enclose(Part.PASS, MatmulSite.NO_LAYER, () -> {
            kernels.embed(weights.embedding(), ids, activations.residual);
            for (int index = 0; index < model.numLayers(); index++) {
                int layer = index;
                timeline.enclose(Part.LAYER, layer, () -> block(layer, positions));
                progress.accept(layer + 1L);
            }
            timeline.enclose(Part.HEAD, MatmulSite.NO_LAYER, this::logits);
        });
        return activations.logits;
    }

    private void block(int layer, Positions positions) {
        BlockWeights block = weights.blocks().get(layer);
        timeline.enclose(Part.ATTENTION, layer, () -> attention(layer, block, positions));
        timeline.enclose(Part.FEED_FORWARD, layer, () -> feedForward(layer, block));
    }

    /** See {@link Transformer#warmUp}. */
    void warmUp(Positions positions, long nanoseconds) {
        BlockWeights block = weights.blocks().get(0);
        Kernels bare = kernels.kernels();
        long start = System.nanoTime();
        do {
            bare.rmsNorm(activations.residual, block.attentionNorm(), model.normEps(), activations.normed);
            bare.rotate(activations.queries, rotary, positions, scoreScale);
            attention.warmUp();
            bare.add(activations.residual, activations.normed);
            activations.gate.ifPresentOrElse(
                    gate -> bare.swiGlu(gate, activations.up), () -> bare.gelu(activations.up));
        } while (System.nanoTime() - start < nanoseconds);
    }

    /** x += o(attention(q, k, v)) with q, k, v from norm(x). */
    private void attention(int layer, BlockWeights block, Positions positions) {
        kernels.rmsNorm(layer, activations.residual, block.attentionNorm(), model.normEps(), activations.normed);
        project(MatmulKind.Q_PROJ, layer, activations.normed, block.query(), activations.queries);
        project(MatmulKind.K_PROJ, layer, activations.normed, block.key(), activations.keys);
        project(MatmulKind.V_PROJ, layer, activations.normed, block.value(), activations.values);
        kernels.rotate(layer, activations.queries, rotary, positions, scoreScale);
        kernels.rotate(layer, activations.keys, rotary, positions, 1);
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

    private void logits() {
        kernels.rmsNorm(
                MatmulSite.NO_LAYER, activations.residual, weights.finalNorm(), model.normEps(), activations.normed);
        matmul.project(MatmulSite.lmHead(), activations.normed.array(), weights.lmHead(), activations.logits.array());
    }

    /** result = x · Wᵀ for all rows. */
    private void project(MatmulKind kind, int layer, Matrix x, Weight weight, Matrix result) {
        matmul.project(new MatmulSite(kind, layer), x.array(), weight, result.array());
    }
}
