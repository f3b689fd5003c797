package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;

/**
 * The parameters of a norm.
 *
 * @param gain (1, D)
 */
public record NormWeights(Tensor gain) {
    /** Parameters in memory. */
    public long parameters() {
        return gain.size();
    }
}
