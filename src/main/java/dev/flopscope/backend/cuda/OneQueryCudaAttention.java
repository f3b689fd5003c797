package dev.flopscope.backend.cuda;

import dev.flopscope.config.AttentionConfig;

/**
 * Attention of one new token of each sequence: the query heads that share keys and values are the rows of one product, (H/K,
 * d)·(d, t) over the t positions that the token sees, and one call has such a product for each of the K heads.
 */
final class OneQueryCudaAttention extends CudaAttention {
    private final CudaKernels kernels;
    private final CudaTensor scores;

    /**
     * Makes no buffers.
     *
     * @param scores room for H·t scores
     */
    OneQueryCudaAttention(CudaKernels kernels, CudaTensor scores) {
        this.kernels = kernels;
        this.scores = scores;
    }

    @Override
    void attend(Operands operands) {
        int seen = Math.min(operands.window(), operands.chunk().end());
        for (int sequence = 0; sequence < operands.chunk().batch(); sequence++) {
            attend(operands, sequence, seen);
        }
    }

    private void attend(Operands operands, int sequence, int seen) {
        AttentionConfig config = operands.config();
        int shared = config.headsPerKeyValue();
        int first = operands.chunk().end() - seen;
        CudaTensor each = dense(scores, config.numKvHeads(), shared, seen);
        operands.score(
                heads(operands.queries(), sequence, shared, config.headDim(), config.numKvHeads()),
                positions(operands.keyValues().keys(), operands, sequence, first, seen, config.headDim()),
                each);
        // A row is a head with one query, which stands behind the last key at hand and sees them all.
        operands.softmax(kernels, each, 1, seen - 1, seen, 0);
        operands.weigh(
                each,
                positions(operands.keyValues().values(), operands, sequence, first, seen, config.valueDim()),
                heads(operands.output(), sequence, shared, config.valueDim(), config.numKvHeads()));
    }

    /** The heads of one row, as matrices of those that share keys and values. */
    private static CudaTensor heads(CudaTensor tokens, int sequence, int shared, int width, int batch) {
        return new CudaTensor(tokens.row(sequence), shared, width, width, (long) shared * width, batch);
    }

    private static CudaTensor positions(
            CudaTensor kept, Operands operands, int sequence, int first, int seen, int width) {
        long row = (long) sequence * operands.keyValues().capacity() + first;
        return part(
                kept,
                row * kept.leading(),
                seen,
                width,
                width,
                operands.config().numKvHeads());
    }
}
