package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import java.util.Map;
import java.util.TreeMap;

/**
 * The scores of one head in one chunk cut into tiles of R×C: how many tiles there are of which size, and how many scores in
 * all. The chunk has q queries after p cached tokens, so that there are q·(p + q) scores.
 *
 * <p>Query tile i holds the queries at positions s = p + i·R to e − 1, with e = p + min((i+1)·R, q). A dense algorithm computes
 * all ⌈(p+q)/C⌉ key tiles for it. A causal one computes those whose first key is before e, ⌈e/C⌉, without those that a window
 * of w tokens hides from its first query, ⌊max(0, s + 1 − w)/C⌋. The last key tile has (p+q) mod C columns if C does not divide
 * p + q.
 */
record ScoreTiles(Map<Size, Long> tiles) {
    /** Rows and columns of a tile, the largest first. */
    record Size(long rows, long columns) implements Comparable<Size> {
        @Override
        public int compareTo(Size other) {
            int byRows = Long.compare(other.rows, rows);
            return byRows != 0 ? byRows : Long.compare(other.columns, columns);
        }
    }

    /** Cuts one head's scores. */
    static ScoreTiles of(Attention attention, AttentionConfig heads, Chunk chunk) {
        long rows = attention.queryTile(chunk.queries());
        long columns = attention.keyTile(chunk.end());
        long keyTiles = ceilDiv(chunk.end(), columns);
        long lastColumns = chunk.end() - (keyTiles - 1) * columns;
        Map<Size, Long> tiles = new TreeMap<>();
        for (long start = chunk.past(); start < chunk.end(); start += rows) {
            long end = Math.min(start + rows, chunk.end());
            boolean skips = attention.skipsMaskedTiles();
            long first = skips ? firstVisible(heads, start) / columns : 0;
            long last = skips ? ceilDiv(end, columns) : keyTiles;
            long whole = last == keyTiles ? last - 1 : last;
            add(tiles, new Size(end - start, columns), whole - first);
            add(tiles, new Size(end - start, lastColumns), last - whole);
        }
        return new ScoreTiles(tiles);
    }

    /** The first position that a query at {@code position} sees. */
    private static long firstVisible(AttentionConfig heads, long position) {
        return heads.window().isEmpty()
                ? 0
                : Math.max(0, position + 1 - heads.window().getAsInt());
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
