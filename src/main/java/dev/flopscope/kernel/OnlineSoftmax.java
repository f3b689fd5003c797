package dev.flopscope.kernel;

import dev.flopscope.tensor.Matrix;
import java.util.Arrays;

/**
 * Softmax over keys that arrive tile by tile, for the queries of one tile: a running maximum and a running sum a query, and
 * an output that is scaled down whenever the maximum rises (Milakov and Gimelshein 2018; Dao et al. 2022, §3.1).
 *
 * <p>For one thread. For each tile of keys: {@link #weigh} its scores, multiply the weights with the values elsewhere, and
 * {@link #accumulate} the product; after the last, {@link #finish}.
 */
public final class OnlineSoftmax {
    private final int headDim;
    private final float scale;
    private final float[] maxima;
    private final float[] sums;
    private final float[] decays;
    private final float[] outputs;
    private final float[] keyRow;
    private final float[] scratch;
    private final float[] headRow;

    /**
     * Room for tiles of one size.
     *
     * @param queries most rows of a tile
     * @param keys most columns of a tile
     * @param headDim d
     */
    public OnlineSoftmax(int queries, int keys, int headDim) {
        this.headDim = headDim;
        this.scale = (float) (1 / Math.sqrt(headDim));
        this.maxima = new float[queries];
        this.sums = new float[queries];
        this.decays = new float[queries];
        this.outputs = new float[Math.multiplyExact(queries, headDim)];
        this.keyRow = new float[keys];
        this.scratch = new float[keys];
        this.headRow = new float[headDim];
    }

    /** Starts a tile of queries: no key has been seen. */
    public void begin() {
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0f);
        Arrays.fill(outputs, 0f);
    }

    /**
     * Turns a tile's scores s into weights exp(s/√d − m) under the maximum m so far, with zeros where the mask hides a key,
     * and takes them into the running sums.
     *
     * @param scores (queries, keys) in its first rows and columns; overwritten with weights
     * @param queries rows in use
     * @param keys columns in use
     * @param visibleToFirst keys of this tile that its first query sees, below 1 if none; each further query sees one more
     */
    public void weigh(Matrix scores, int queries, int keys, long visibleToFirst) {
        for (int query = 0; query < queries; query++) {
            int visible = (int) Math.max(0, Math.min(keys, visibleToFirst + query));
            decays[query] = visible == 0 ? 1f : weighRow(scores, query, visible);
            Arrays.fill(keyRow, visible, keys, 0f);
            scores.writeRow(query, keyRow, keys);
        }
    }

    /** Leaves one row's weights in {@link #keyRow}; returns what the row's output so far must be multiplied by. */
    private float weighRow(Matrix scores, int query, int visible) {
        scores.readRow(query, keyRow, visible);
        float before = maxima[query];
        float max = Math.max(before, FloatRows.max(keyRow, visible) * scale);
        for (int key = 0; key < visible; key++) {
            keyRow[key] = keyRow[key] * scale - max;
        }
        FloatRows.exp(keyRow, scratch, visible);
        float decay = (float) Math.exp(before - max); // 0 for the first keys: exp(−∞)
        sums[query] = sums[query] * decay + FloatRows.sum(keyRow, visible);
        maxima[query] = max;
        return decay;
    }

    /**
     * Adds a tile's weighted values to the output so far, scaled to the new maximum.
     *
     * @param weighted (queries, d), weights times values, in its first rows
     * @param queries rows in use
     */
    public void accumulate(Matrix weighted, int queries) {
        for (int query = 0; query < queries; query++) {
            weighted.readRow(query, headRow, headDim);
            float decay = decays[query];
            int offset = query * headDim;
            for (int i = 0; i < headDim; i++) {
                outputs[offset + i] = outputs[offset + i] * decay + headRow[i];
            }
        }
    }

    /**
     * Divides by the sums and writes the tile's output.
     *
     * @param attention (B·T, H·d); columns {@code firstColumn} to {@code firstColumn + d} of its rows from {@code firstRow}
     *     are overwritten
     * @param firstRow the tile's first query
     * @param firstColumn the head's first column
     * @param queries rows in use
     */
    public void finish(Matrix attention, long firstRow, int firstColumn, int queries) {
        for (int query = 0; query < queries; query++) {
            float norm = 1 / sums[query];
            int offset = query * headDim;
            for (int i = 0; i < headDim; i++) {
                headRow[i] = outputs[offset + i] * norm;
            }
            attention.writeRow(firstRow + query, firstColumn, headRow, headDim);
        }
    }
}
