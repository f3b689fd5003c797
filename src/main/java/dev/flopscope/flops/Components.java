package dev.flopscope.flops;

/**
 * FLOPs of a pass by component, all layers together.
 *
 * @param attentionProjections q, k, v and o
 * @param attentionProducts scores and weighted values: what grows with T²
 * @param feedForward gate, up and down
 * @param lmHead logits
 */
public record Components(long attentionProjections, long attentionProducts, long feedForward, long lmHead) {
    /** FLOPs of all layers. */
    public long blocks() {
        return Exact.sum(attentionProjections, attentionProducts, feedForward);
    }

    /** FLOPs of the pass. */
    public long total() {
        return Exact.sum(blocks(), lmHead);
    }
}
