package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;

/**
 * The parameters of a block's attention. Matrices are [out, in], as the products read them: {@code x · Wᵀ}.
 *
 * @param query (H·d, D)
 * @param key (K·d, D)
 * @param value (K·d, D)
 * @param output (D, H·d)
 */
public record AttentionWeights(Tensor query, Tensor key, Tensor value, Tensor output) {
    /** Parameters in memory. */
    public long parameters() {
        return query.size() + key.size() + value.size() + output.size();
    }
}
