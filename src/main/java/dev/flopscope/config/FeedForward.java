package dev.flopscope.config;

/** Which feed-forward network a block has. */
public enum FeedForward {
    /** Three products: {@code down(silu(gate(x)) * up(x))}. Shazeer 2020, "GLU Variants Improve Transformer". */
    SWIGLU("swiglu", 3),
    /** Two products: {@code down(gelu(up(x)))}, with GPT-2's tanh form of GELU. */
    GELU("gelu", 2);

    private final String label;
    private final int products;

    FeedForward(String label, int products) {
        this.label = label;
        this.products = products;
    }

    /** The value of {@code feed_forward} in a config. */
    public String label() {
        return label;
    }

    /** Matrix products a token passes through: as many matrices of D·F parameters. */
    public int products() {
        return products;
    }
}
