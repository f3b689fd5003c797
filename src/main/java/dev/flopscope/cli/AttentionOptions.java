package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --attention} and {@code --tile}: how attention is computed. */
final class AttentionOptions {
    @Option(
            names = "--attention",
            paramLabel = "HOW",
            description = "full: each head's T×T scores whole; tiled: the same products in tiles that stay in cache;"
                    + " causal: tiled, without the tiles that the mask empties (default: run tiled,"
                    + " on a GPU full; account full).")
    private @Nullable Algorithm algorithm;

    @Mixin
    private TileOption tile = new TileOption();

    /** What was asked for; {@code fallback} if nothing was. A tile alone asks for tiled attention. */
    Attention chosen(Algorithm fallback) {
        Algorithm unasked = tile.isGiven() ? Algorithm.TILED : fallback;
        return tile.of(List.of(algorithm == null ? unasked : algorithm)).get(0);
    }
}
