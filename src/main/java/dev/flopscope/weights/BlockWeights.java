package dev.flopscope.weights;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import java.util.Optional;

/**
 * The parameters of one block. Matrices are [out, in], as the products read them: {@code x · Wᵀ}.
 *
 * @param attentionNorm (1, D), the gain of the norm before attention
 * @param query (H·d, D)
 * @param key (K·d, D)
 * @param value (K·d, D)
 * @param output (D, H·d)
 * @param feedForwardNorm (1, D), the gain of the norm before the feed-forward network
 * @param gate (F, D); none with GELU
 * @param up (F, D)
 * @param down (D, F)
 */
public record BlockWeights(
        Matrix attentionNorm,
        Weight query,
        Weight key,
        Weight value,
        Weight output,
        Matrix feedForwardNorm,
        Optional<Weight> gate,
        Weight up,
        Weight down) {

    /** Parameters in memory. */
    public long parameters() {
        return attentionNorm.size()
                + query.size()
                + key.size()
                + value.size()
                + output.size()
                + feedForwardNorm.size()
                + gate.map(Weight::size).orElse(0L)
                + up.size()
                + down.size();
    }
}
