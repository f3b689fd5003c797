package dev.flopscope.count;

/** The ten kinds of product in a decoder, in the order a pass meets them. */
public enum MatmulKind {
    /** Queries: x·Wqᵀ. */
    Q_PROJ("q_proj"),
    /** Keys: x·Wkᵀ. */
    K_PROJ("k_proj"),
    /** Values: x·Wvᵀ. */
    V_PROJ("v_proj"),
    /** Scores of one head: Q·Kᵀ. */
    ATTN_SCORES("attn_scores"),
    /** Weighted values of one head: P·V. */
    ATTN_VALUES("attn_values"),
    /** Attention's output projection. */
    O_PROJ("o_proj"),
    /** The gate of SwiGLU. */
    FFN_GATE("ffn_gate"),
    /** Feed-forward, D to F. */
    FFN_UP("ffn_up"),
    /** Feed-forward, F back to D. */
    FFN_DOWN("ffn_down"),
    /** Logits, once a pass. */
    LM_HEAD("lm_head");

    private final String label;

    MatmulKind(String label) {
        this.label = label;
    }

    /** The name in tables, JSON and claims. */
    public String label() {
        return label;
    }

    /** Whether every layer has this product; the LM head alone is outside the layers. */
    public boolean inEveryLayer() {
        return this != LM_HEAD;
    }
}
