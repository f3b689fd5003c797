package dev.flopscope.forward;

import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Activation;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.weights.FeedForwardWeights;
import java.util.List;

/**
 * The feed-forward network of one layer with its parameters.
 *
 * @param layer the layer
 * @param config its width and non-linearity
 * @param weights its parameters, which say whether it has a gate
 */
record FeedForward(int layer, FeedForwardConfig config, FeedForwardWeights weights) {
    /** The buffers that a network needs, each as wide as it is. */
    static List<Buffer> buffers(FeedForwardConfig config) {
        return config instanceof FeedForwardConfig.Gated ? List.of(Buffer.GATE, Buffer.UP) : List.of(Buffer.UP);
    }

    /** result = down(activation(gate(x)) · up(x)), or down(activation(up(x))); {@code result} may be {@code x}. */
    void forward(Pass pass, Tensor x, Tensor result) {
        Tensor up = pass.buffer(Buffer.UP, config.width());
        Activation activation = config.activation();
        if (weights instanceof FeedForwardWeights.Gated gated) {
            Tensor gate = pass.buffer(Buffer.GATE, config.width());
            pass.project(MatmulKind.FFN_GATE, layer, x, gated.gate(), gate);
            pass.project(MatmulKind.FFN_UP, layer, x, gated.up(), up);
            pass.operator(Operator.GATE, layer, () -> pass.operators().gate(activation, gate, up));
            pass.project(MatmulKind.FFN_DOWN, layer, gate, gated.down(), result);
        } else if (weights instanceof FeedForwardWeights.Plain plain) {
            pass.project(MatmulKind.FFN_UP, layer, x, plain.up(), up);
            pass.operator(Operator.GATE, layer, () -> pass.operators().activate(activation, up));
            pass.project(MatmulKind.FFN_DOWN, layer, up, plain.down(), result);
        }
    }
}
