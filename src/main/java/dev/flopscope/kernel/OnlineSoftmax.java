package dev.flopscope.kernel;

import dev.flopscope.tensor.Matrix;
import java.util.Arrays;

/**
 * Softmax over keys that arrive tile by tile, for the queries of one tile: a running sum a query, and an output that is
 * scaled whenever what scores are measured from changes (Milakov and Gimelshein 2018; Dao et al. 2022, §3.1).
 *
 * <p>Softmax is the same whatever is subtracted from a row's scores; the maximum is customary because then nothing
 * overflows. Here a row starts with nothing subtracted, so that a whole tile's exponentials are one call, and looking at
 * their sum tells whether that was safe: only a row whose sum leaves the range where float32 keeps its precision is done
 * again from its maximum, now and in later tiles.
 *
 * <p>For one thread. For each tile of keys: {@link #weigh} its scores, multiply the weights with the values elsewhere, and
 * {@link #accumulate} the product; after the last, {@link #finish}.
 */
public final class OnlineSoftmax {
    /** Sums of exponentials between these are far from float32's smallest and largest numbers, their parts too. */
    private static final float SMALLEST_SAFE_SUM = 1e-20f;

    private static final float LARGEST_SAFE_SUM = 1e20f;

    private final int headDim;
    private final Elementwise elementwise;
    /** What is subtracted from each row's scores. */
    private final float[] references;
    /** Whether a row's scores are measured from their maximum. */
    private final boolean[] fromMaximum;

    private final float[] sums;
    private final float[] decays;
    private final float[] outputs;
    private final float[] keyRow;
    private final float[] scratch;
    private final float[] zeros;
    private final float[] headRow;

    /**
     * Room for tiles of one size.
     *
     * @param queries most rows of a tile
     * @param keys most columns of a tile
     * @param headDim d
     * @param elementwise takes the exponentials
     */
    public OnlineSoftmax(int queries, int keys, int headDim, Elementwise elementwise) {
        this.headDim = headDim;
        this.elementwise = elementwise;
        this.references = new float[queries];
        this.fromMaximum = new boolean[queries];
        this.sums = new float[queries];
        this.decays = new float[queries];
        this.outputs = new float[Math.multiplyExact(queries, headDim)];
        this.keyRow = new float[keys];
        this.scratch = new float[keys];
        this.zeros = new float[keys];
        this.headRow = new float[headDim];
    }

    /** Starts a tile of queries: no key has been seen. */
    public void begin() {
        Arrays.fill(references, 0f);
        Arrays.fill(fromMaximum, false);
        Arrays.fill(sums, 0f);
        Arrays.fill(outputs, 0f);
    }

    /**
     * Turns a tile's scores s into weights exp(s − r), with r what the row subtracts by now, and zeros where the mask hides
     * a key; takes them into the running sums.
     *
     * @param scores in its first rows and columns q·k/√d; all its columns are read
     * @param weights of the same size; the same rows and columns are overwritten, later columns hold anything
     * @param queries rows in use
     * @param keys columns in use
     * @param visibleToFirst keys of this tile that its first query sees, below 1 if none; each further query sees one more
     */
    public void weigh(Matrix scores, Matrix weights, int queries, int keys, long visibleToFirst) {
        if (visibleToFirst + queries > 1) {
            elementwise.exp(scores, weights, queries);
        }
        for (int query = 0; query < queries; query++) {
            int visible = (int) Math.max(0, Math.min(keys, visibleToFirst + query));
            decays[query] = visible == 0 ? 1f : take(scores, weights, query, visible);
            if (visible < keys) {
                weights.writeRow(query, visible, zeros, keys - visible);
            }
        }
    }

    /** Takes a row's weights into its sum; returns what the row's output so far must be multiplied by. */
    private float take(Matrix scores, Matrix weights, int query, int visible) {
        if (!fromMaximum[query]) {
            weights.readRow(query, keyRow, visible);
            float sum = FloatRows.sum(keyRow, visible);
            if (sum <= LARGEST_SAFE_SUM && sums[query] + sum >= SMALLEST_SAFE_SUM) {
                sums[query] += sum;
                return 1f;
            }
        }
        return takeFromMaximum(scores, weights, query, visible);
    }

    private float takeFromMaximum(Matrix scores, Matrix weights, int query, int visible) {
        scores.readRow(query, keyRow, visible);
        boolean first = sums[query] == 0f;
        float before = references[query];
        float largest = FloatRows.max(keyRow, visible);
        float reference = first ? largest : Math.max(before, largest);
        for (int key = 0; key < visible; key++) {
            keyRow[key] -= reference;
        }
        FloatRows.exp(keyRow, scratch, visible);
        weights.writeRow(query, keyRow, visible);
        float decay = first ? 0f : (float) Math.exp(before - reference);
        sums[query] = sums[query] * decay + FloatRows.sum(keyRow, visible);
        references[query] = reference;
        fromMaximum[query] = true;
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
     * Divides by the sums and writes the output of queries that are heads of one token, side by side in one row.
     *
     * @param attention (B, H·d); {@code queries}·d columns of {@code row} from {@code firstColumn} on are overwritten
     * @param row the token's row
     * @param firstColumn the first head's first column
     * @param queries rows in use
     */
    public void finishHeads(Matrix attention, long row, int firstColumn, int queries) {
        for (int query = 0; query < queries; query++) {
            writeOutput(query, attention, row, firstColumn + query * headDim);
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
            writeOutput(query, attention, firstRow + query, firstColumn);
        }
    }

    private void writeOutput(int query, Matrix attention, long row, int firstColumn) {
        float norm = 1 / sums[query];
        int offset = query * headDim;
        for (int i = 0; i < headDim; i++) {
            headRow[i] = outputs[offset + i] * norm;
        }
        attention.writeRow(row, firstColumn, headRow, headDim);
    }
}
