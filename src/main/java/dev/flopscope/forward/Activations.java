package dev.flopscope.forward;

import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The buffers of a pass over B sequences of T tokens, allocated and touched once and reused by every layer.
 *
 * <p>Only one head's scores exist at a time, so memory grows with T², not with H·T².
 */
final class Activations {
    /** Operands of one head's products: views into the buffers. {@code keys} and {@code values} may serve several heads. */
    record Head(INDArray queries, INDArray keys, INDArray values, INDArray output) {}

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
    /** Scores of one head, then their softmax, (T, T). */
    final Matrix scores;
    /** All heads' outputs side by side, (B·T, H·d). */
    final Matrix attention;
    /** (B·T, F), with SwiGLU. */
    final Optional<Matrix> gate;
    /** (B·T, F). */
    final Matrix up;
    /** (B·T, V). */
    final Matrix logits;
    /** B·H heads, sequence by sequence. */
    final List<Head> heads;

    Activations(ModelConfig model, int batch, int tokens, MatrixAllocator allocator) {
        long rows = Math.multiplyExact((long) batch, tokens);
        residual = allocator.allocateZeros(rows, model.dModel());
        normed = allocator.allocateZeros(rows, model.dModel());
        queries = allocator.allocateZeros(rows, model.queryWidth());
        keys = allocator.allocateZeros(rows, model.keyValueWidth());
        values = allocator.allocateZeros(rows, model.keyValueWidth());
        scores = allocator.allocateZeros(tokens, tokens);
        attention = allocator.allocateZeros(rows, model.queryWidth());
        gate = model.feedForward() == FeedForward.SWIGLU
                ? Optional.of(allocator.allocateZeros(rows, model.dFf()))
                : Optional.empty();
        up = allocator.allocateZeros(rows, model.dFf());
        logits = allocator.allocateZeros(rows, model.vocabSize());
        heads = heads(model, batch, tokens);
    }

    private List<Head> heads(ModelConfig model, int batch, int tokens) {
        int d = model.headDim();
        int headsPerKeyValue = model.numHeads() / model.numKvHeads();
        List<Head> views = new ArrayList<>();
        for (int sequence = 0; sequence < batch; sequence++) {
            long row = (long) sequence * tokens;
            for (int head = 0; head < model.numHeads(); head++) {
                int shared = head / headsPerKeyValue;
                views.add(new Head(
                        queries.block(row, tokens, (long) head * d, d),
                        keys.block(row, tokens, (long) shared * d, d),
                        values.block(row, tokens, (long) shared * d, d),
                        attention.block(row, tokens, (long) head * d, d)));
            }
        }
        return List.copyOf(views);
    }
}
