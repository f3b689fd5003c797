package dev.flopscope.backend;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import java.util.Optional;

/**
 * Computes softmax(Q·Kᵀ under the mask)·V for every head of every sequence. The queries carry the factor 1/√d already.
 *
 * <p>Every product goes to the products of the {@link ExecutionContext}, with the shape it has; softmax is told as an
 * operator. A chunk of one query has one product for the H/K query heads that share a key/value head, (H/K, d)·(d, t) and
 * (H/K, t)·(t, d), over the t positions that the query sees; nothing is masked there. Any other chunk has products for each
 * query head, as the algorithm says that the operator was made for: whole, (queries, d)·(d, end); tiled, (R, d)·(d, C) for
 * each tile; causal, the same without tiles that the mask empties.
 */
public interface AttentionOperator {
    /**
     * Attends.
     *
     * @param layer the layer, for the sites of products
     * @param heads the heads and the window
     * @param sinks (1, H), if heads have them: a score of each head that takes part in the softmax of every query, and that no
     *     value stands behind
     * @param chunk the work
     * @param queries (B·queries, H·d)
     * @param keyValues the keys and values of all {@code chunk.end()} positions
     * @param output (B·queries, H·d); overwritten
     * @param context where products go, and who is told
     */
    void attend(
            int layer,
            AttentionConfig heads,
            Optional<Tensor> sinks,
            Chunk chunk,
            Tensor queries,
            KeyValues keyValues,
            Tensor output,
            ExecutionContext context);
}
