package dev.flopscope.time;

/** What holds products and steps, the outer before the inner. */
public enum Part {
    /** Everything, from the embedding to the last logit. */
    PASS("pass"),
    /** One block. */
    LAYER("layer"),
    /** The first half of a block, from its norm to its residual sum. */
    ATTENTION("attention"),
    /** The second half of a block, from its norm to its residual sum. */
    FEED_FORWARD("feed-forward"),
    /** The final norm and the LM head. */
    HEAD("head");

    private final String label;

    Part(String label) {
        this.label = label;
    }

    /** The name in traces. */
    public String label() {
        return label;
    }
}
