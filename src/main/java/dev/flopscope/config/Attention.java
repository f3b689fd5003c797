package dev.flopscope.config;

/**
 * How a pass computes attention: by which algorithm, and in tiles of which size.
 *
 * @param algorithm full, tiled or causal
 * @param queryTile rows of a tile of scores, at most T; the last tile may have fewer
 * @param keyTile columns of a tile of scores, at most T; the last tile may have fewer
 */
public record Attention(Algorithm algorithm, int queryTile, int keyTile) {
    /**
     * A tile of 256×256 scores and one of their weights are 512 KiB: half a core's second-level cache where this was
     * measured. From 128×512 to 256×1,024 it makes no difference that shows; small key tiles leave more for {@code causal}
     * to skip.
     */
    private static final int DEFAULT_QUERY_TILE = 256;

    private static final int DEFAULT_KEY_TILE = 256;

    /** The ways to compute the same attention. */
    public enum Algorithm {
        /** Each head's T×T scores whole, one product a head; masked after the product. */
        FULL("full"),
        /** All T×T scores, tile by tile, with the running maximum and sum of online softmax; masked after the product. */
        TILED("tiled"),
        /** As tiled, without the tiles that the mask empties. */
        CAUSAL("causal");

        private final String label;

        Algorithm(String label) {
            this.label = label;
        }

        /** The value of {@code --attention}. */
        public String label() {
            return label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * Checks the tiles; full attention has none, so that they become as large as they can be.
     *
     * @throws IllegalArgumentException if a tile has no rows or columns
     */
    public Attention {
        if (queryTile < 1 || keyTile < 1) {
            throw new IllegalArgumentException(
                    "tiles must be at least 1×1: query_tile=" + queryTile + ", key_tile=" + keyTile);
        }
        // Whole heads have no tiles, whatever was asked for.
        queryTile = algorithm == Algorithm.FULL ? Integer.MAX_VALUE : queryTile;
        keyTile = algorithm == Algorithm.FULL ? Integer.MAX_VALUE : keyTile;
    }

    /** Whole heads: one tile, as large as the sequence. */
    public static Attention full() {
        return new Attention(Algorithm.FULL, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** {@code algorithm} with the tiles that suit caches. */
    public static Attention of(Algorithm algorithm) {
        return algorithm == Algorithm.FULL ? full() : new Attention(algorithm, DEFAULT_QUERY_TILE, DEFAULT_KEY_TILE);
    }

    /** Rows of a tile in a pass of {@code tokens}. */
    public int queryTile(int tokens) {
        return Math.min(queryTile, tokens);
    }

    /** Columns of a tile in a pass of {@code tokens}. */
    public int keyTile(int tokens) {
        return Math.min(keyTile, tokens);
    }

    /** Whether tiles that the mask empties are left out. */
    public boolean skipsMaskedTiles() {
        return algorithm == Algorithm.CAUSAL;
    }
}
