package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import java.util.Optional;

/**
 * A projection: {@code x · Wᵀ}, and a bias if it has one.
 *
 * @param weight [out, in]
 * @param bias (1, out)
 */
public record Linear(Tensor weight, Optional<Tensor> bias) {
    /** Parameters in memory. */
    public long parameters() {
        return weight.size() + bias.map(Tensor::size).orElse(0L);
    }
}
