package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.RotaryConfig;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoreTilesTest {
    private static final int LONGEST = 20;
    private static final int LARGEST_TILE = 9;
    private static final Chunk XL = new Chunk(1, 16_384, 0);

    @Test
    void tilesAreThoseThatAListOfThemHas() {
        for (int tokens = 1; tokens <= LONGEST; tokens++) {
            for (int rows = 1; rows <= LARGEST_TILE; rows++) {
                for (int columns = 1; columns <= LARGEST_TILE; columns++) {
                    for (Algorithm algorithm : List.of(Algorithm.TILED, Algorithm.CAUSAL)) {
                        Attention attention = new Attention(algorithm, rows, columns);
                        requireListed(new Chunk(1, tokens, 0), attention, Integer.MAX_VALUE);
                    }
                }
            }
        }
    }

    @Test
    void tilesOfChunksAndWindowsAreThoseThatAListOfThemHas() {
        for (int queries = 1; queries <= 8; queries++) {
            for (int past = 0; past <= 7; past++) {
                for (int rows = 1; rows <= 5; rows++) {
                    for (int columns = 1; columns <= 5; columns++) {
                        for (int window = 1; window <= 9; window++) {
                            Chunk chunk = new Chunk(1, queries, past);
                            requireListed(chunk, new Attention(Algorithm.TILED, rows, columns), window);
                            requireListed(chunk, new Attention(Algorithm.CAUSAL, rows, columns), window);
                        }
                        requireListed(
                                new Chunk(1, queries, past),
                                new Attention(Algorithm.CAUSAL, rows, columns),
                                Integer.MAX_VALUE);
                    }
                }
            }
        }
    }

    /** Cuts the scores one by one: which tile a score is in, and whether any score of that tile is visible. */
    private static void requireListed(Chunk chunk, Attention attention, int window) {
        Map<String, int[]> tilesFound = new TreeMap<>();
        for (int query = 0; query < chunk.queries(); query++) {
            int position = chunk.past() + query;
            for (int key = 0; key < chunk.end(); key++) {
                int row = query / attention.queryTile();
                int column = key / attention.keyTile();
                int[] found = tilesFound.computeIfAbsent(row + "," + column, unused -> new int[3]);
                found[0] = Math.max(found[0], query - row * attention.queryTile() + 1);
                found[1] = Math.max(found[1], key - column * attention.keyTile() + 1);
                found[2] += key <= position && key > position - window ? 1 : 0;
            }
        }
        Map<ScoreTiles.Size, Long> tiles = new TreeMap<>();
        long scores = 0;
        for (int[] found : tilesFound.values()) {
            if (attention.algorithm() == Algorithm.TILED || found[2] > 0) {
                tiles.merge(new ScoreTiles.Size(found[0], found[1]), 1L, Long::sum);
                scores += (long) found[0] * found[1];
            }
        }
        ScoreTiles closedForm = ScoreTiles.of(attention, heads(window), chunk);
        if (closedForm.scores() != scores || !closedForm.tiles().equals(tiles)) {
            assertThat(closedForm.tiles())
                    .as("%s, %s, window %d", chunk, attention, window)
                    .isEqualTo(tiles);
            assertThat(closedForm.scores())
                    .as("%s, %s, window %d", chunk, attention, window)
                    .isEqualTo(scores);
        }
    }

    private static AttentionConfig heads(int window) {
        OptionalInt seen = window == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(window);
        return new AttentionConfig(2, 1, 4, new RotaryConfig(10_000), seen);
    }

    @Test
    void fullAttentionIsOneTile() {
        assertThat(ScoreTiles.of(Attention.full(), heads(3), new Chunk(2, 7, 4)).tiles())
                .containsExactly(Map.entry(new ScoreTiles.Size(7, 11), 1L));
    }

    @Test
    void causalTilesOfXlAt16384AreJustOverHalfOfTheScores() {
        // 64 query tiles of 256; four of them share a key tile of 1,024: 4·(1 + 2 + … + 16) = 544 of 1,024 tiles.
        assertThat(ScoreTiles.of(new Attention(Algorithm.CAUSAL, 256, 1_024), heads(Integer.MAX_VALUE), XL)
                        .scores())
                .isEqualTo(544L * 256 * 1_024);
        // The tiles that are the default: 1 + 2 + … + 64 = 2,080 of 4,096.
        assertThat(ScoreTiles.of(Attention.of(Algorithm.CAUSAL), heads(Integer.MAX_VALUE), XL)
                        .scores())
                .isEqualTo(2_080L * 256 * 256);
    }
}
