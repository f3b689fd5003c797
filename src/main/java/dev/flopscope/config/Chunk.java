package dev.flopscope.config;

/**
 * The work of one forward pass: {@code queries} new tokens of each of {@code batch} sequences, after {@code past} tokens whose
 * keys and values are cached. A prompt is (T, 0), a decoded token (1, p).
 *
 * @param batch B, sequences, at least 1
 * @param queries new tokens of each sequence, at least 1
 * @param past cached tokens of each sequence, at least 0
 */
public record Chunk(int batch, int queries, int past) {
    /**
     * Checks the extents.
     *
     * @throws IllegalArgumentException if one is too small
     * @throws ArithmeticException if past and new tokens exceed 2³¹−1
     */
    public Chunk {
        if (batch < 1 || queries < 1 || past < 0) {
            throw new IllegalArgumentException(
                    "no such chunk: batch=" + batch + ", queries=" + queries + ", past=" + past);
        }
        if ((long) past + queries > Integer.MAX_VALUE) {
            throw new ArithmeticException(
                    "past and new tokens must be at most 2^31-1: past=" + past + ", queries=" + queries);
        }
    }

    /** Rows of the residual stream: a new token of a sequence each. */
    public long rows() {
        return (long) batch * queries;
    }

    /** Cached and new tokens of each sequence. */
    public int end() {
        return past + queries;
    }
}
