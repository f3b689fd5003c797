package dev.flopscope.forward;

import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import java.util.Optional;

/**
 * The buffers of a pass over B sequences of T tokens, allocated and touched once and reused by every layer. Scores are
 * not among them: each way to attend has its own room for them.
 */
final class Activations {
    /** The residual stream x, (B·T, D). */
    final Matrix residual;
    /** A norm's output, and then what attention or feed-forward adds to x, (B·T, D). */
    final Matrix normed;
    /** (B·T, H·d). */
    final Matrix queries;
    /** (B·T, K·d). */
    final Matrix keys;
    /** (B·T, K·d). */
    final Matrix values;
    /** All heads' outputs side by side, (B·T, H·d). */
    final Matrix attention;
    /** (B·T, F), with SwiGLU. */
    final Optional<Matrix> gate;
    /** (B·T, F). */
    final Matrix up;
    /** (B·T, V). */
    final Matrix logits;

    Activations(ModelConfig model, int batch, int tokens, MatrixAllocator allocator) {
        long rows = Math.multiplyExact((long) batch, tokens);
        residual = allocator.allocateZeros(rows, model.dModel());
        normed = allocator.allocateZeros(rows, model.dModel());
        queries = allocator.allocateZeros(rows, model.queryWidth());
        keys = allocator.allocateZeros(rows, model.keyValueWidth());
        values = allocator.allocateZeros(rows, model.keyValueWidth());
        attention = allocator.allocateZeros(rows, model.queryWidth());
        gate = model.feedForward() == FeedForward.SWIGLU
                ? Optional.of(allocator.allocateZeros(rows, model.dFf()))
                : Optional.empty();
        up = allocator.allocateZeros(rows, model.dFf());
        logits = allocator.allocateZeros(rows, model.vocabSize());
    }
}
