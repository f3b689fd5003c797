package dev.flopscope.report;

import dev.flopscope.flops.Components;

/** The components of a pass as reports name them. */
enum Component {
    PROJECTIONS("q,k,v,o", true),
    PRODUCTS("attn products", true),
    FEED_FORWARD("feed-forward", true),
    LM_HEAD("LM head", false);

    private final String label;
    private final boolean inBlocks;

    Component(String label, boolean inBlocks) {
        this.label = label;
        this.inBlocks = inBlocks;
    }

    /** In tables. */
    String label() {
        return label;
    }

    /** Whether it is a part of the blocks. */
    boolean inBlocks() {
        return inBlocks;
    }

    /** Its FLOPs. */
    long of(Components components) {
        return switch (this) {
            case PROJECTIONS -> components.attentionProjections();
            case PRODUCTS -> components.attentionProducts();
            case FEED_FORWARD -> components.feedForward();
            case LM_HEAD -> components.lmHead();
        };
    }
}
