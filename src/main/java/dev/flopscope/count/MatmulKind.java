package dev.flopscope.count;

/** The kinds of product in a decoder, in the order a pass meets them. Most models have ten. */
public enum MatmulKind {
    /** Queries of multi-head latent attention, D to their narrow vector. */
    Q_DOWN_PROJ("q_down_proj"),
    /** Queries of multi-head latent attention, from their narrow vector. */
    Q_UP_PROJ("q_up_proj"),
    /** Queries: x·Wqᵀ. */
    Q_PROJ("q_proj"),
    /** Keys and values of multi-head latent attention, D to their narrow vector and the keys' part that is turned. */
    KV_DOWN_PROJ("kv_down_proj"),
    /** Keys and values of multi-head latent attention, from their narrow vector. */
    KV_UP_PROJ("kv_up_proj"),
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
    /** The router of a mixture of experts: a score for each expert. */
    ROUTER("router"),
    /** The gate of SwiGLU. */
    FFN_GATE("ffn_gate"),
    /** Feed-forward, D to F. */
    FFN_UP("ffn_up"),
    /** Feed-forward, F back to D. */
    FFN_DOWN("ffn_down"),
    /** The column that weights a shared expert. */
    SHARED_ROUTER("shared_router"),
    /** The gate of a shared expert. */
    SHARED_GATE("shared_gate"),
    /** A shared expert, D to its width. */
    SHARED_UP("shared_up"),
    /** A shared expert, back to D. */
    SHARED_DOWN("shared_down"),
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
