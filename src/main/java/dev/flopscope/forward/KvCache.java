package dev.flopscope.forward;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.config.ModelConfig;
import java.util.List;

/**
 * Keys, turned by their positions, and values of every layer, for tokens that come later. Each pass writes those of its chunk;
 * a chunk that begins earlier than the cache ends replaces what followed.
 */
public final class KvCache {
    private final int capacity;
    private final List<KeyValues> layers;
    private int length;

    /**
     * Allocates and touches the memory: 2·B·capacity·K·d floats a layer.
     *
     * @param model the extents
     * @param batch B
     * @param capacity the most tokens of each sequence that it will hold
     * @param backend what computes
     * @param memory where it comes from
     */
    public KvCache(ModelConfig model, int batch, int capacity, Backend backend, Allocator memory) {
        this.capacity = capacity;
        this.layers = model.blocks().stream()
                .map(block -> backend.cache(batch, block.attention(), capacity, memory))
                .toList();
    }

    /** The most tokens of each sequence that it holds. */
    public int capacity() {
        return capacity;
    }

    /** Tokens of each sequence that it holds in every layer. */
    public int length() {
        return length;
    }

    /** From now on it holds {@code tokens} of each sequence: every layer's have been written. */
    void setLength(int tokens) {
        length = tokens;
    }

    /** The keys and values of one layer. */
    KeyValues layer(int layer) {
        return layers.get(layer);
    }
}
