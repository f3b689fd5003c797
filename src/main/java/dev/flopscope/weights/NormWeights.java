package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import java.util.Optional;

/**
 * The parameters of a norm.
 *
 * @param gain (1, D)
 * @param bias (1, D), of LayerNorm
 */
public record NormWeights(Tensor gain, Optional<Tensor> bias) {
    /** Parameters in memory. */
    public long parameters() {
        return gain.size() + bias.map(Tensor::size).orElse(0L);
    }
}
