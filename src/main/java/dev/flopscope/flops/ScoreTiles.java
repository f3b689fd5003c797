package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import java.util.Map;
import java.util.TreeMap;

/**
 * The T×T scores of one head cut into tiles of R×C: how many tiles there are of which size, and how many scores in all.
 *
 * <p>Query tile i ends at e = min((i+1)·R, T). A dense algorithm computes ⌈T/C⌉ key tiles for it, a causal one ⌈e/C⌉: the
 * tiles whose first key is no later than the tile's last query. The last key tile has T mod C columns if C does not divide T.
 */
record ScoreTiles(Map<Size, Long> tiles) {
    /** Rows and columns of a tile. */
    record Size(long rows, long columns) implements Comparable<Size> {
        @Override
        public int compareTo(Size other) {
            int byRows = Long.compare(other.rows, rows);
            return byRows != 0 ? byRows : Long.compare(other.columns, columns);
        }
    }

    /**
     * Cuts one head's scores.
     *
     * @param attention the algorithm and its tiles
     * @param tokens T
     */
    static ScoreTiles of(Attention attention, int tokens) {
        long rows = attention.queryTile(tokens);
        long columns = attention.keyTile(tokens);
        long keyTiles = ceilDiv(tokens, columns);
        long lastColumns = tokens - (keyTiles - 1) * columns;
        Map<Size, Long> tiles = new TreeMap<>();
        for (long start = 0; start < tokens; start += rows) {
            long end = Math.min(start + rows, tokens);
            long computed = attention.skipsMaskedTiles() ? ceilDiv(end, columns) : keyTiles;
            long whole = computed == keyTiles ? computed - 1 : computed;
            add(tiles, new Size(end - start, columns), whole);
            add(tiles, new Size(end - start, lastColumns), computed - whole);
        }
        return new ScoreTiles(tiles);
    }

    /** Scores computed for one head: the sum of rows times columns. */
    long scores() {
        long scores = 0;
        for (Map.Entry<Size, Long> entry : tiles.entrySet()) {
            Size size = entry.getKey();
            scores = Exact.sum(scores, Exact.product(size.rows(), size.columns(), entry.getValue()));
        }
        return scores;
    }

    private static void add(Map<Size, Long> tiles, Size size, long count) {
        if (count > 0) {
            tiles.merge(size, count, Math::addExact);
        }
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
