package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import java.util.Optional;
import java.util.stream.Stream;

/** The parameters of a block's attention. Matrices are [out, in], as the products read them: {@code x · Wᵀ}. */
public sealed interface AttentionWeights {
    /** (D, H·d). */
    Linear output();

    /** (1, H), the score of each head that no value stands behind, if heads have one. */
    default Optional<Tensor> sinks() {
        return Optional.empty();
    }

    /** Parameters in memory. */
    long parameters();

    /**
     * Queries, keys and values by a projection each.
     *
     * @param query (H·d, D)
     * @param key (K·d, D)
     * @param value (K·d, D)
     * @param output (D, H·d)
     * @param queryNorm of queries before they are turned, if they have one
     * @param keyNorm of keys
     * @param sinks (1, H), the score of each head that no value stands behind, if heads have one
     */
    record Heads(
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            Optional<NormWeights> queryNorm,
            Optional<NormWeights> keyNorm,
            Optional<Tensor> sinks)
            implements AttentionWeights {
        @Override
        public long parameters() {
            return sum(
                            Stream.of(query, key, value, output),
                            Stream.of(queryNorm, keyNorm).flatMap(Optional::stream))
                    + sinks.map(Tensor::size).orElse(0L);
        }
    }

    /**
     * Multi-head latent attention, see {@link dev.flopscope.config.LatentConfig}. In each head of a query or a key, the columns
     * that are turned come first.
     *
     * @param queryDown (R_q, D), where queries have a narrow vector
     * @param queryNorm of that vector
     * @param query (H·d, R_q), or (H·d, D)
     * @param down (R + d_r, D)
     * @param norm of the keys' and values' narrow vector, R wide
     * @param up (H·(d − d_r + d_v), R)
     * @param output (D, H·d_v)
     */
    record Latent(
            Optional<Linear> queryDown,
            Optional<NormWeights> queryNorm,
            Linear query,
            Linear down,
            NormWeights norm,
            Linear up,
            Linear output)
            implements AttentionWeights {
        @Override
        public long parameters() {
            return sum(
                    Stream.concat(queryDown.stream(), Stream.of(query, down, up, output)),
                    Stream.concat(queryNorm.stream(), Stream.of(norm)));
        }
    }

    private static long sum(Stream<Linear> projections, Stream<NormWeights> norms) {
        return projections.mapToLong(Linear::parameters).sum()
                + norms.mapToLong(NormWeights::parameters).sum();
    }
}
