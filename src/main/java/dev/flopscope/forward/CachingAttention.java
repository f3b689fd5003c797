package dev.flopscope.forward;

import dev.flopscope.kernel.Positions;

/** Attends as another does, and keeps the keys and values of the rows in a cache. */
final class CachingAttention implements HeadAttention {
    private final HeadAttention attention;
    private final KvCache cache;
    private final Positions positions;
    private final Activations activations;
    private final TimedKernels kernels;

    CachingAttention(
            HeadAttention attention,
            KvCache cache,
            Positions positions,
            Activations activations,
            TimedKernels kernels) {
        this.attention = attention;
        this.cache = cache;
        this.positions = positions;
        this.activations = activations;
        this.kernels = kernels;
    }

    @Override
    public void attend(int layer) {
        kernels.keep(layer, activations.keys, positions, cache.keys(layer));
        kernels.keep(layer, activations.values, positions, cache.values(layer));
        attention.attend(layer);
    }

    @Override
    public void warmUp() {
        attention.warmUp();
    }
}
