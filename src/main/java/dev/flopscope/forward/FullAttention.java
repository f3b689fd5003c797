package dev.flopscope.forward;

import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One head after the other, its T×T scores whole: one product for the scores and one for the values, each on all threads.
 *
 * <p>Only one head's scores exist at a time, so memory grows with T², not with H·T².
 */
final class FullAttention implements HeadAttention {
    /** Operands of one head's products: views into the buffers. {@code keys} and {@code values} may serve several heads. */
    private record Head(INDArray queries, INDArray keys, INDArray values, INDArray output) {}

    private final Matmul matmul;
    private final TimedKernels kernels;
    private final Matrix scores;
    private final List<Head> heads;

    FullAttention(ModelConfig model, int batch, int tokens, Activations activations, Machinery machinery) {
        this.matmul = machinery.matmul();
        this.kernels = machinery.kernels();
        this.scores = machinery.activations().allocateZeros(tokens, tokens);
        this.heads = heads(model, batch, tokens, activations);
    }

    private static List<Head> heads(ModelConfig model, int batch, int tokens, Activations activations) {
        int d = model.headDim();
        int headsPerKeyValue = model.numHeads() / model.numKvHeads();
        List<Head> views = new ArrayList<>();
        for (int sequence = 0; sequence < batch; sequence++) {
            long row = (long) sequence * tokens;
            for (int head = 0; head < model.numHeads(); head++) {
                int shared = head / headsPerKeyValue;
                views.add(new Head(
                        activations.queries.block(row, tokens, (long) head * d, d),
                        activations.keys.block(row, tokens, (long) shared * d, d),
                        activations.values.block(row, tokens, (long) shared * d, d),
                        activations.attention.block(row, tokens, (long) head * d, d)));
            }
        }
        return views;
    }

    @Override
    public void attend(int layer) {
        for (Head head : heads) {
            matmul.multiply(
                    new MatmulSite(MatmulKind.ATTN_SCORES, layer),
                    head.queries(),
                    head.keys(),
                    Right.TRANSPOSED,
                    scores.array());
            kernels.causalSoftmax(layer, scores);
            matmul.multiply(
                    new MatmulSite(MatmulKind.ATTN_VALUES, layer),
                    scores.array(),
                    head.values(),
                    Right.AS_IS,
                    head.output());
        }
    }

    @Override
    public void warmUp() {
        kernels.kernels().causalSoftmax(scores);
    }
}
