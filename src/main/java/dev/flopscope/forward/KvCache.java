package dev.flopscope.forward;

import dev.flopscope.config.ModelConfig;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys, turned by their positions, and values of every layer, for tokens that come later.
 *
 * <p>Each key/value head of each sequence has a matrix of its own, (capacity, d), so that the first t rows are an operand
 * as it is, and are read from memory in one stretch. A pass over a prompt begins a cache, each decoded token adds a row.
 */
public final class KvCache {
    private final int capacity;
    private final List<List<Matrix>> keys;
    private final List<List<Matrix>> values;
    private int length;

    /**
     * Allocates and touches the memory: 2·L·B·K·capacity·d floats.
     *
     * @param model the extents
     * @param batch B
     * @param capacity the most positions it will hold
     * @param memory where it comes from
     */
    public KvCache(ModelConfig model, int batch, int capacity, MatrixAllocator memory) {
        this.capacity = capacity;
        this.keys = heads(model, batch, capacity, memory);
        this.values = heads(model, batch, capacity, memory);
    }

    private static List<List<Matrix>> heads(ModelConfig model, int batch, int capacity, MatrixAllocator memory) {
        List<List<Matrix>> layers = new ArrayList<>();
        for (int layer = 0; layer < model.numLayers(); layer++) {
            List<Matrix> heads = new ArrayList<>();
            for (long head = 0; head < (long) batch * model.numKvHeads(); head++) {
                heads.add(memory.allocateZeros(capacity, model.headDim()));
            }
            layers.add(List.copyOf(heads));
        }
        return List.copyOf(layers);
    }

    /** The most positions it holds. */
    public int capacity() {
        return capacity;
    }

    /** Positions that it holds in every layer. */
    public int length() {
        return length;
    }

    /**
     * Forgets all but the first {@code positions}, so that others can follow them.
     *
     * @throws IllegalArgumentException if it does not hold as many
     */
    public void rewind(int positions) {
        if (positions < 0 || positions > length) {
            throw new IllegalArgumentException(
                    "a cache of " + length + " positions cannot go back to " + positions + " of them");
        }
        length = positions;
    }

    /** The keys of {@code layer}, one matrix a key/value head, sequence by sequence. */
    List<Matrix> keys(int layer) {
        return keys.get(layer);
    }

    /** The values of {@code layer}, one matrix a key/value head, sequence by sequence. */
    List<Matrix> values(int layer) {
        return values.get(layer);
    }

    /** From now on it holds {@code positions}: every layer's have been written. */
    void holds(int positions) {
        length = positions;
    }
}
