package dev.flopscope.weights;

import dev.flopscope.tensor.Matrix;
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
        Matrix query,
        Matrix key,
        Matrix value,
        Matrix output,
        Matrix feedForwardNorm,
        Optional<Matrix> gate,
        Matrix up,
        Matrix down) {

    /** Parameters in memory. */
    public long parameters() {
        return size(attentionNorm)
                + size(query)
                + size(key)
                + size(value)
                + size(output)
                + size(feedForwardNorm)
                + gate.map(BlockWeights::size).orElse(0L)
                + size(up)
                + size(down);
    }

    static long size(Matrix matrix) {
        return matrix.rows() * matrix.columns();
    }
}
