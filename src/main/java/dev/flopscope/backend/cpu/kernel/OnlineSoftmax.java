package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.cpu.memory.Matrix;
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

    /** What hides no key: a window that no sequence is as long as. */
    public static final int NO_WINDOW = Integer.MAX_VALUE;

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
    private int headDim;

    /**
     * Room for tiles of one size.
     *
     * @param queries most rows of a tile
     * @param keys most columns of a tile
     * @param widestHead most columns of a head's values
     * @param elementwise takes the exponentials
     */
    public OnlineSoftmax(int queries, int keys, int widestHead, Elementwise elementwise) {
        this.headDim = widestHead;
        this.elementwise = elementwise;
        this.references = new float[queries];
        this.fromMaximum = new boolean[queries];
        this.sums = new float[queries];
        this.decays = new float[queries];
        this.outputs = new float[Math.multiplyExact(queries, widestHead)];
        this.keyRow = new float[keys];
        this.scratch = new float[keys];
        this.zeros = new float[keys];
        this.headRow = new float[widestHead];
    }

    /** Starts a tile of queries of heads of width {@code d}: no key has been seen. */
    public void begin(int d) {
        headDim = d;
        Arrays.fill(references, 0f);
        Arrays.fill(fromMaximum, false);
        Arrays.fill(sums, 0f);
        Arrays.fill(outputs, 0f);
    }

    /**
     * Takes the score of a row's sink into its sum, before any tile: it counts as a key whose value is 0.
     *
     * @param query the row
     * @param score of the sink; nothing happens where it is {@link Sinks#NONE}
     */
    public void sink(int query, float score) {
        if (score == Sinks.NONE) {
            return;
        }
        float sum = (float) Math.exp(score);
        boolean safe = sum >= SMALLEST_SAFE_SUM && sum <= LARGEST_SAFE_SUM;
        sums[query] = safe ? sum : 1f;
        references[query] = safe ? 0f : score;
        fromMaximum[query] = !safe;
    }

    /**
     * Turns a tile's scores s into weights exp(s − r), with r what the row subtracts by now, and zeros where the mask or the
     * window hides a key; takes them into the running sums. A row that sees no key of the tile keeps its sum and its output.
     *
     * @param scores in its first rows and columns q·k/√d; all its columns are read
     * @param weights of the same size; the same rows and columns are overwritten, later columns hold anything
     * @param queries rows in use
     * @param keys columns in use
     * @param visibleToFirst how many positions there are from this tile's first key to its first query, both included; below
     *     1 if that query comes before; each further query has one more
     * @param window how many of the last of them a query sees
     */
    public void weigh(Matrix scores, Matrix weights, int queries, int keys, long visibleToFirst, int window) {
        boolean anySeen = visibleToFirst + queries > 1 && visibleToFirst - window < keys;
        if (anySeen) {
            elementwise.exp(scores, weights, queries);
        }
        for (int query = 0; query < queries; query++) {
            int end = (int) Math.max(0, Math.min(keys, visibleToFirst + query));
            int hidden = (int) Math.max(0, Math.min(end, visibleToFirst + query - window));
            decays[query] = hidden == end ? 1f : take(scores, weights, query, hidden, end - hidden);
            if (hidden > 0) {
                weights.writeRow(query, 0, zeros, 0, hidden);
            }
            if (end < keys) {
                weights.writeRow(query, end, zeros, 0, keys - end);
            }
        }
    }

    /**
     * Caps a tile's scores softly, before they are weighed: c·tanh(s/c).
     *
     * @param scores in its first rows and columns; overwritten there
     * @param queries rows in use
     * @param keys columns in use
     */
    public void softCap(Matrix scores, int queries, int keys, double cap) {
        for (int query = 0; query < queries; query++) {
            scores.readRow(query, 0, keyRow, keys);
            FloatRows.softCap(keyRow, scratch, keys, (float) cap);
            scores.writeRow(query, 0, keyRow, 0, keys);
        }
    }

    /** Takes a row's weights into its sum; returns what the row's output so far must be multiplied by. */
    private float take(Matrix scores, Matrix weights, int query, int hidden, int visible) {
        if (!fromMaximum[query]) {
            weights.readRow(query, hidden, keyRow, visible);
            float sum = FloatRows.sum(keyRow, visible);
            if (sum <= LARGEST_SAFE_SUM && sums[query] + sum >= SMALLEST_SAFE_SUM) {
                sums[query] += sum;
                return 1f;
            }
        }
        return takeFromMaximum(scores, weights, query, hidden, visible);
    }

    private float takeFromMaximum(Matrix scores, Matrix weights, int query, int hidden, int visible) {
        scores.readRow(query, hidden, keyRow, visible);
        boolean first = sums[query] == 0f;
        float before = references[query];
        float largest = FloatRows.max(keyRow, visible);
        float reference = first ? largest : Math.max(before, largest);
        for (int key = 0; key < visible; key++) {
            keyRow[key] -= reference;
        }
        FloatRows.exp(keyRow, scratch, visible);
        weights.writeRow(query, hidden, keyRow, 0, visible);
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
     * Divides by the sums and writes the tile's output.
     *
     * @param attention (B·queries, H·d); d columns from {@code firstColumn} on of the rows from {@code firstRow} on are
     *     overwritten, or {@code queries}·d columns of that row alone
     * @param firstRow the first query's row
     * @param firstColumn the first query's first column
     * @param queries rows in use
     * @param oneToken whether the queries are heads of one token, side by side in one row
     */
    public void finish(Matrix attention, long firstRow, int firstColumn, int queries, boolean oneToken) {
        for (int query = 0; query < queries; query++) {
            if (oneToken) {
                writeOutput(query, attention, firstRow, firstColumn + query * headDim);
            } else {
                writeOutput(query, attention, firstRow + query, firstColumn);
            }
        }
    }

    private void writeOutput(int query, Matrix attention, long row, int firstColumn) {
        float norm = 1 / sums[query];
        int offset = query * headDim;
        for (int i = 0; i < headDim; i++) {
            headRow[i] = outputs[offset + i] * norm;
        }
        attention.writeRow(row, firstColumn, headRow, 0, headDim);
    }
}
