package dev.flopscope.forward;

import dev.flopscope.backend.Operators;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.NormConfig;
import dev.flopscope.time.Operator;
import dev.flopscope.weights.NormWeights;

/**
 * A norm with its parameters.
 *
 * @param layer the layer, or {@link dev.flopscope.count.MatmulSite#NO_LAYER} for the final norm
 * @param config which norm
 * @param weights its parameters
 */
record Norm(int layer, NormConfig config, NormWeights weights) {
    /** output = norm(input), row by row; {@code output} may be {@code input}. */
    void forward(Pass pass, Tensor input, Tensor output) {
        pass.operator(Operator.NORM, layer, () -> normalise(pass.operators(), input, output));
    }

    private void normalise(Operators operators, Tensor input, Tensor output) {
        if (config instanceof NormConfig.Layer) {
            operators.layerNorm(input, weights.gain(), weights.bias().orElseThrow(), config.epsilon(), output);
        } else {
            operators.rmsNorm(input, weights.gain(), config.epsilon(), output);
        }
    }
}
