package dev.flopscope.flops;

import java.util.List;

/**
 * FLOPs by component, all layers together.
 *
 * @param attentionProjections q, k, v and o, and those that make them in multi-head latent attention
 * @param attentionProducts scores and weighted values: what grows with T²
 * @param feedForward gate, up and down; of a mixture of experts also its router and its shared expert
 * @param lmHead logits
 */
public record Components(long attentionProjections, long attentionProducts, long feedForward, long lmHead) {
    /** Adds kinds up. */
    static Components of(List<KindAccount> kinds) {
        long projections = 0;
        long products = 0;
        long feedForward = 0;
        long lmHead = 0;
        for (KindAccount account : kinds) {
            long flops = account.flops();
            switch (account.kind()) {
                case Q_PROJ, K_PROJ, V_PROJ, O_PROJ, Q_DOWN_PROJ, Q_UP_PROJ, KV_DOWN_PROJ, KV_UP_PROJ ->
                    projections = Exact.sum(projections, flops);
                case ATTN_SCORES, ATTN_VALUES -> products = Exact.sum(products, flops);
                case FFN_GATE, FFN_UP, FFN_DOWN, ROUTER, SHARED_ROUTER, SHARED_GATE, SHARED_UP, SHARED_DOWN ->
                    feedForward = Exact.sum(feedForward, flops);
                case LM_HEAD -> lmHead = Exact.sum(lmHead, flops);
            }
        }
        return new Components(projections, products, feedForward, lmHead);
    }

    /** FLOPs of all layers. */
    public long blocks() {
        return Exact.sum(attentionProjections, attentionProducts, feedForward);
    }

    /** All FLOPs. */
    public long total() {
        return Exact.sum(blocks(), lmHead);
    }
}
