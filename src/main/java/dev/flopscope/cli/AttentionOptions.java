package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --attention} and {@code --tile}: how attention is computed. */
final class AttentionOptions {
    @Option(
            names = "--attention",
            paramLabel = "HOW",
            converter = Algorithms.class,
            completionCandidates = Algorithms.class,
            description = "full: each head's T×T scores whole; tiled: the same products in tiles that stay in cache;"
                    + " causal: tiled, without the tiles that the mask empties (default: run tiled, account full).")
    private @Nullable Algorithm algorithm;

    @Option(
            names = "--tile",
            paramLabel = "RxC",
            converter = TileConverter.class,
            description = "Queries and keys of a tile of scores (default: 256x256).")
    private @Nullable Tile tile;

    /** Rows and columns. */
    record Tile(int queries, int keys) {}

    /** What was asked for; {@code fallback} if nothing was. A tile alone asks for tiled attention. */
    Attention chosen(Algorithm fallback) {
        if (tile == null) {
            return Attention.of(algorithm == null ? fallback : algorithm);
        }
        Algorithm tiling = algorithm == null ? Algorithm.TILED : algorithm;
        if (tiling == Algorithm.FULL) {
            throw new TypeConversionException("--tile goes with --attention tiled or causal, not full");
        }
        return new Attention(tiling, tile.queries(), tile.keys());
    }

    /** The labels of {@link Algorithm}. */
    static final class Algorithms extends Choice<Algorithm> {
        Algorithms() {
            super(Algorithm.values(), Algorithm::label);
        }
    }

    /** Reads {@code 256x256}. */
    static final class TileConverter implements ITypeConverter<Tile> {
        private static final Pattern TILE = Pattern.compile("(\\d+)[x×](\\d+)");

        @Override
        public Tile convert(String value) {
            Matcher matcher = TILE.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value + "' is not a tile such as 256x256");
            }
            return new Tile(Numbers.number(matcher.group(1)), Numbers.number(matcher.group(2)));
        }
    }
}
