package dev.flopscope.forward;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.kernel.Kernels;
import dev.flopscope.kernel.Positions;
import dev.flopscope.kernel.RotaryEmbedding;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;
import java.util.List;

/** {@link Kernels} that tell a timeline how long each took, and in which layer. */
record TimedKernels(Kernels kernels, Timeline timeline) {
    /** See {@link Kernels#embed}. */
    void embed(Matrix embedding, int[] tokens, Matrix stream) {
        timeline.time(Step.EMBEDDING, MatmulSite.NO_LAYER, () -> kernels.embed(embedding, tokens, stream));
    }

    /** See {@link Kernels#rmsNorm}. */
    void rmsNorm(int layer, Matrix input, Matrix gain, double epsilon, Matrix output) {
        timeline.time(Step.NORM, layer, () -> kernels.rmsNorm(input, gain, epsilon, output));
    }

    /** See {@link Kernels#rotate}. */
    void rotate(int layer, Matrix matrix, RotaryEmbedding rotary, Positions positions, float scale) {
        timeline.time(Step.ROTARY, layer, () -> kernels.rotate(matrix, rotary, positions, scale));
    }

    /** See {@link Kernels#keep}. */
    void keep(int layer, Matrix rows, Positions positions, List<Matrix> cache) {
        timeline.time(Step.CACHE, layer, () -> kernels.keep(rows, positions, cache));
    }

    /** See {@link Kernels#causalSoftmax}. */
    void causalSoftmax(int layer, Matrix scores) {
        timeline.time(Step.SOFTMAX, layer, () -> kernels.causalSoftmax(scores));
    }

    /** See {@link Kernels#swiGlu}. */
    void swiGlu(int layer, Matrix gate, Matrix up) {
        timeline.time(Step.GATE, layer, () -> kernels.swiGlu(gate, up));
    }

    /** See {@link Kernels#gelu}. */
    void gelu(int layer, Matrix matrix) {
        timeline.time(Step.GATE, layer, () -> kernels.gelu(matrix));
    }

    /** See {@link Kernels#add}. */
    void add(int layer, Matrix stream, Matrix update) {
        timeline.time(Step.RESIDUAL, layer, () -> kernels.add(stream, update));
    }
}
