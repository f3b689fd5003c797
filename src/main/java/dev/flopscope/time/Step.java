package dev.flopscope.time;

/** What happens between products, in the order a pass meets it. */
public enum Step {
    /** Rows of the embedding matrix, picked by token. */
    EMBEDDING("embedding"),
    /** RMSNorm, twice a layer and once before the LM head. */
    NORM("norm"),
    /** Rotary positions of queries and keys. */
    ROTARY("rotary"),
    /** Keys and values written to the cache, where tokens are decoded after the pass. */
    CACHE("cache"),
    /** Softmax of scores, with everything that online softmax carries from tile to tile. */
    SOFTMAX("softmax"),
    /** The non-linearity of the feed-forward network: SwiGLU's gate, or GELU. */
    GATE("gate"),
    /** Sums onto the residual stream. */
    RESIDUAL("residual");

    private final String label;

    Step(String label) {
        this.label = label;
    }

    /** The name in tables and JSON. */
    public String label() {
        return label;
    }
}
