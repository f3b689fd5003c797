package dev.flopscope.time;

/** What happens between products, in the order a pass meets it. */
public enum Operator {
    /** Rows of the embedding matrix, picked by token. */
    EMBEDDING("embedding"),
    /** Copies between the host's memory and a device's: ids and rows on their way there, the scores of a router on their way back. */
    TRANSFER("transfer"),
    /** Norms, two in a layer and one before the LM head. */
    NORM("norm"),
    /** Biases added to what projections put out. */
    BIAS("bias"),
    /** Columns of multi-head latent attention put together to heads. */
    HEADS("heads"),
    /** Rotary positions of queries and keys. */
    ROTARY("rotary"),
    /** Keys and values appended to the cache. */
    CACHE("cache"),
    /** Softmax of scores, with everything that online softmax carries from tile to tile. */
    SOFTMAX("softmax"),
    /** The non-linearity of the feed-forward network, and the product with its gate. */
    GATE("gate"),
    /** The choice of experts, and rows on their way to them and back. */
    ROUTING("routing"),
    /** Sums onto the residual stream. */
    RESIDUAL("residual"),
    /** The last row of each sequence, picked where logits of the last token alone are wanted. */
    LAST_ROWS("last rows");

    private final String label;

    Operator(String label) {
        this.label = label;
    }

    /** The name in tables and JSON. */
    public String label() {
        return label;
    }
}
