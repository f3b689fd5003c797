package dev.flopscope.report.account;

import dev.flopscope.flops.Components;

/** The components of a pass as reports name them. */
enum Component {
    PROJECTIONS("q, k, v, o projections", "q,k,v,o", true),
    PRODUCTS("attention products", "attn products", true),
    FEED_FORWARD("feed-forward", "feed-forward", true),
    LM_HEAD("LM head", "LM head", false);

    private final String label;
    private final String header;
    private final boolean inBlocks;

    Component(String label, String header, boolean inBlocks) {
        this.label = label;
        this.header = header;
        this.inBlocks = inBlocks;
    }

    /** In words. */
    String label() {
        return label;
    }

    /** Over a narrow column. */
    String header() {
        return header;
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
