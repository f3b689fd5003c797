package dev.flopscope.backend.cuda;

/** Attention with the scores of whole heads: a product a head, (queries, d)·(d, end), and a softmax of its rows. */
final class WholeCudaAttention extends CudaAttention {
    private final CudaKernels kernels;
    private final CudaTensor scores;

    /**
     * Makes no buffers.
     *
     * @param scores room for those of one head at least; as many heads as fit are computed at once
     */
    WholeCudaAttention(CudaKernels kernels, CudaTensor scores) {
        this.kernels = kernels;
        this.scores = scores;
    }

    @Override
    void attend(Operands operands) {
        int queries = operands.chunk().queries();
        int positions = operands.chunk().end();
        int fitting = (int) Math.min(operands.headsAtOnce(), scores.size() / ((long) queries * positions));
        for (int sequence = 0; sequence < operands.chunk().batch(); sequence++) {
            for (int group = 0; group < operands.config().numHeads(); group += operands.headsAtOnce()) {
                int end = group + operands.headsAtOnce();
                for (int head = group; head < end; head += fitting) {
                    attend(operands, sequence, head, Math.min(fitting, end - head));
                }
            }
        }
    }

    private void attend(Operands operands, int sequence, int firstHead, int heads) {
        int queries = operands.chunk().queries();
        int positions = operands.chunk().end();
        CudaTensor each = dense(scores, heads, queries, positions);
        operands.score(
                operands.queries(sequence, firstHead, heads, 0, queries),
                operands.keys(sequence, firstHead, heads, 0, positions),
                each);
        operands.softmax(kernels, each, queries, operands.chunk().past(), operands.window(), firstHead);
        operands.weigh(
                each,
                operands.values(sequence, firstHead, heads, 0, positions),
                operands.output(sequence, firstHead, heads, 0, queries));
    }
}
