package dev.flopscope.forward;

/** Computes softmax(Q·Kᵀ/√d under the causal mask)·V for every head of every sequence, from and into the activations. */
interface HeadAttention {
    /** Attends in {@code layer}: reads queries, keys and values, overwrites the attention buffer. */
    void attend(int layer);

    /** Does what {@link #attend} does between products, on whatever the buffers hold; no product happens. */
    void warmUp();
}
