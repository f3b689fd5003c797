package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --tile}: how large tiles of scores are. */
final class TileOption {
    @Option(
            names = "--tile",
            paramLabel = "RxC",
            converter = TileConverter.class,
            description = "Queries and keys of a tile of scores (default: 256x256).")
    private @Nullable Tile tile;

    /** Rows and columns. */
    record Tile(int queries, int keys) {}

    /** Whether a size was asked for. */
    boolean isGiven() {
        return tile != null;
    }

    /**
     * Attention by each of {@code algorithms}, in tiles of the size asked for; full has none, and stays as it is.
     *
     * @throws TypeConversionException if a size was asked for and no algorithm has tiles
     */
    List<Attention> of(List<Algorithm> algorithms) {
        if (isGiven() && algorithms.stream().allMatch(Algorithm.FULL::equals)) {
            throw new TypeConversionException("--tile goes with --attention tiled or causal, not full");
        }
        return algorithms.stream().map(this::of).toList();
    }

    private Attention of(Algorithm algorithm) {
        return tile == null || algorithm == Algorithm.FULL
                ? Attention.of(algorithm)
                : new Attention(algorithm, tile.queries(), tile.keys());
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
            return new Tile(IntegerList.number(matcher.group(1)), IntegerList.number(matcher.group(2)));
        }
    }
}
