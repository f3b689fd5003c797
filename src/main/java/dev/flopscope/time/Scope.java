package dev.flopscope.time;

/** What holds products and operators, the outer before the inner. */
public enum Scope {
    /** A forward pass over a prompt or a chunk of one, from the embedding to the last logit. */
    PASS("pass"),
    /** A forward pass over one decoded token of each sequence. */
    TOKEN("token"),
    /** One block. */
    LAYER("layer"),
    /** The first half of a block, from its norm to its residual sum. */
    ATTENTION("attention"),
    /** The second half of a block, from its norm to its residual sum. */
    FEED_FORWARD("feed-forward"),
    /** The final norm and the LM head. */
    HEAD("head");

    private final String label;

    Scope(String label) {
        this.label = label;
    }

    /** The name in traces. */
    public String label() {
        return label;
    }
}
