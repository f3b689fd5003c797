package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoreTilesTest {
    private static final int LONGEST = 20;
    private static final int LARGEST_TILE = 9;

    @Test
    void tilesAreThoseThatAListOfThemHas() {
        for (int tokens = 1; tokens <= LONGEST; tokens++) {
            for (int rows = 1; rows <= LARGEST_TILE; rows++) {
                for (int columns = 1; columns <= LARGEST_TILE; columns++) {
                    requireListed(tokens, new Attention(Algorithm.TILED, rows, columns));
                    requireListed(tokens, new Attention(Algorithm.CAUSAL, rows, columns));
                }
            }
        }
    }

    /** Cuts the scores one by one: which tile a score is in, and whether any score of that tile is visible. */
    private static void requireListed(int tokens, Attention attention) {
        Map<String, long[]> scoresOfTile = new TreeMap<>();
        for (int query = 0; query < tokens; query++) {
            for (int key = 0; key < tokens; key++) {
                String tile = query / attention.queryTile() + "," + key / attention.keyTile();
                long[] found = scoresOfTile.computeIfAbsent(tile, unused -> new long[2]);
                found[0]++;
                found[1] += key <= query ? 1 : 0;
            }
        }
        long computed = scoresOfTile.values().stream()
                .filter(found -> attention.algorithm() == Algorithm.TILED || found[1] > 0)
                .mapToLong(found -> found[0])
                .sum();
        long tiles = scoresOfTile.values().stream()
                .filter(found -> attention.algorithm() == Algorithm.TILED || found[1] > 0)
                .count();
        ScoreTiles closedForm = ScoreTiles.of(attention, tokens);
        assertThat(closedForm.scores()).as("T=%d, %s", tokens, attention).isEqualTo(computed);
        assertThat(closedForm.tiles().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .as("T=%d, %s", tokens, attention)
                .isEqualTo(tiles);
    }

    @Test
    void fullAttentionIsOneTile() {
        assertThat(ScoreTiles.of(Attention.full(), 7).tiles())
                .containsExactly(Map.entry(new ScoreTiles.Size(7, 7), 1L));
    }

    @Test
    void causalTilesOfXlAt16384AreJustOverHalfOfTheScores() {
        // 64 query tiles of 256; four of them share a key tile of 1,024: 4·(1 + 2 + … + 16) = 544 of 1,024 tiles.
        assertThat(ScoreTiles.of(new Attention(Algorithm.CAUSAL, 256, 1_024), 16_384)
                        .scores())
                .isEqualTo(544L * 256 * 1_024);
        // The tiles that are the default: 1 + 2 + … + 64 = 2,080 of 4,096.
        assertThat(ScoreTiles.of(Attention.of(Algorithm.CAUSAL), 16_384).scores())
                .isEqualTo(2_080L * 256 * 256);
    }
}
