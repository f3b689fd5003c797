package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;

/**
 * The keys and values of one layer, and where in the two matrices those of each head are.
 *
 * <p>Those of a chunk alone lie as projections write them, all heads of a token side by side. In a cache, each head of each
 * sequence has rows of its own, one after the other, so that those of the first t positions are read from memory in one
 * stretch.
 *
 * @param keys turned by their positions
 * @param values as {@code keys}
 * @param capacity the most tokens of each sequence
 * @param headDim width of a head of keys
 * @param valueDim width of a head of values
 * @param rowsOfSequence rows from one sequence to the next
 * @param rowsOfHead rows from one head of a sequence to the next
 * @param besides whether the heads of a token lie side by side
 */
public record HeadKeyValues(
        Matrix keys,
        Matrix values,
        int capacity,
        int headDim,
        int valueDim,
        long rowsOfSequence,
        long rowsOfHead,
        boolean besides)
        implements KeyValues {
    /**
     * The keys and values of a chunk with nothing before it, (B·queries, K·d) each.
     *
     * @throws IllegalArgumentException if something is before it
     */
    public static HeadKeyValues uncached(Matrix keys, Matrix values, Chunk chunk, AttentionConfig heads) {
        if (chunk.past() > 0) {
            throw new IllegalArgumentException("a chunk after " + chunk.past() + " tokens needs a cache");
        }
        return new HeadKeyValues(
                keys, values, chunk.queries(), heads.headDim(), heads.valueDim(), chunk.queries(), 0, true);
    }

    /** A cache in two matrices (B·K·capacity, d), each as wide as its heads. */
    public static HeadKeyValues cache(Matrix keys, Matrix values, int capacity, AttentionConfig heads) {
        return new HeadKeyValues(
                keys,
                values,
                capacity,
                heads.headDim(),
                heads.valueDim(),
                (long) heads.numKvHeads() * capacity,
                capacity,
                false);
    }

    /**
     * {@code keyValues} as what they are.
     *
     * @throws IllegalArgumentException if they are another backend's
     */
    public static HeadKeyValues of(KeyValues keyValues) {
        if (keyValues instanceof HeadKeyValues own) {
            return own;
        }
        throw new IllegalArgumentException("not keys and values of this backend: " + keyValues);
    }

    /** The keys of a head, {@code positions} rows from position {@code first} on: (positions, d). */
    public Block keys(int sequence, int head, int first, int positions) {
        return block(keys, headDim, sequence, head, first, positions);
    }

    /** The values of a head, {@code positions} rows from position {@code first} on: (positions, d). */
    public Block values(int sequence, int head, int first, int positions) {
        return block(values, valueDim, sequence, head, first, positions);
    }

    private Block block(Matrix matrix, int width, int sequence, int head, int first, int positions) {
        requireRoom(first + positions);
        return matrix.block(row(sequence, head, first), positions, besides ? (long) head * width : 0, width);
    }

    private long row(int sequence, int head, int position) {
        return sequence * rowsOfSequence + head * rowsOfHead + position;
    }

    /** The next head's rows follow without a gap, so that a position too far would not show otherwise. */
    private void requireRoom(int end) {
        if (end > capacity) {
            throw new IllegalArgumentException(
                    "keys and values of " + capacity + " positions have no room for " + end + " tokens");
        }
    }

    /** Writes those of a chunk, (B·queries, K·d) each, over what is at its positions. */
    void append(Matrix newKeys, Matrix newValues, Chunk chunk, Workers workers) {
        requireRoom(chunk.end());
        workers.forRows(chunk.rows(), (from, to) -> {
            float[] keyRow = new float[newKeys.width()];
            float[] valueRow = new float[newValues.width()];
            for (long r = from; r < to; r++) {
                write(newKeys, r, chunk, keyRow, keys, headDim);
                write(newValues, r, chunk, valueRow, values, valueDim);
            }
        });
    }

    private void write(Matrix source, long row, Chunk chunk, float[] buffer, Matrix destination, int width) {
        int sequence = (int) (row / chunk.queries());
        int position = chunk.past() + (int) (row % chunk.queries());
        source.readRow(row, buffer, buffer.length);
        for (int head = 0; head * width < buffer.length; head++) {
            destination.writeRow(
                    row(sequence, head, position), besides ? head * width : 0, buffer, head * width, width);
        }
    }
}
