package dev.flopscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelConfigWriter;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The settings of one row.
 *
 * @param spec the run that gives the row: its prompt is seeded, its context is given, and its tiles are as they were asked for,
 *     whatever a shorter context cuts off
 */
public record SweepPoint(RunSpec spec) {
    private static final int HASH_DIGITS = 16;
    private static final Attention DEFAULT = Attention.of(Algorithm.TILED);

    /**
     * Fills in the context where it is the model's own. Tiles of full attention, which has none, all become the same.
     *
     * @throws IllegalArgumentException if the prompt is not seeded
     */
    public SweepPoint {
        if (!(spec.prompt() instanceof Prompt.Seeded)) {
            throw new IllegalArgumentException("a sweep reads seeded prompts only");
        }
        boolean full = spec.attention().algorithm() == Algorithm.FULL;
        spec = with(spec, spec.longestContext(), full ? Attention.full() : spec.attention());
    }

    private static RunSpec with(RunSpec spec, int context, Attention attention) {
        return new RunSpec(
                spec.model(),
                spec.batch(),
                OptionalInt.of(context),
                spec.chunk(),
                spec.decode(),
                spec.logits(),
                attention,
                spec.prompt(),
                spec.checkpoint(),
                spec.weights(),
                spec.seed(),
                spec.engine(),
                spec.threads());
    }

    /** The same settings with another context. */
    SweepPoint atContext(int context) {
        return new SweepPoint(with(spec, context, spec.attention()));
    }

    /** T. */
    public int context() {
        return spec.longestContext();
    }

    /** Whether scores are computed in tiles; otherwise a head's are computed whole. */
    public boolean hasTiles() {
        return spec.attention().algorithm() != Algorithm.FULL;
    }

    /** Rows of a tile of scores as asked for; T if a head's scores are computed whole. */
    public int queryTile() {
        return hasTiles() ? spec.attention().queryTile() : context();
    }

    /** Columns of a tile of scores as asked for; T if a head's scores are computed whole. */
    public int keyTile() {
        return hasTiles() ? spec.attention().keyTile() : context();
    }

    /** What tells configs of one name apart: the first digits of the SHA-256 of every extent and constant. */
    public String modelHash() {
        return hash(spec.model());
    }

    static String hash(ModelConfig model) {
        String values = ModelConfigWriter.write(model)
                .valueStream()
                .map(SweepPoint::text)
                .collect(Collectors.joining(","));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(values.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A value of JSON; a number is the same text however it is written, since a file that was read may write it otherwise. */
    private static String text(JsonNode value) {
        if (value.isContainerNode()) {
            return value.valueStream().map(SweepPoint::text).collect(Collectors.joining(",", "[", "]"));
        }
        return value.isFloatingPointNumber() ? String.valueOf(value.doubleValue()) : value.asText();
    }

    /** {@code causal}, or {@code causal 64×64} where tiles are not of the default size. */
    public String attentionAndTile() {
        Attention attention = spec.attention();
        boolean usual = queryTile() == DEFAULT.queryTile() && keyTile() == DEFAULT.keyTile();
        return attention.algorithm().label() + (usual || !hasTiles() ? "" : " " + queryTile() + "×" + keyTile());
    }

    /** {@link #attentionAndTile()}, and by the names of their options what is read in chunks, decoded and left out. */
    public String settings() {
        StringBuilder text = new StringBuilder(attentionAndTile());
        spec.chunk().ifPresent(tokens -> text.append(", chunk ").append(tokens));
        spec.decode().ifPresent(tokens -> text.append(", decode ").append(tokens));
        return text.append(spec.logits() == LogitsRows.ALL ? "" : ", logits last")
                .toString();
    }

    /** {@code gpt2-small, batch 1, context 1024, 2 threads, tiled}, and what else is not as usual. */
    public String describe() {
        return spec.model().name() + ", batch " + spec.batch() + ", context " + context() + ", " + spec.threads()
                + (spec.threads() == 1 ? " thread, " : " threads, ") + settings();
    }
}
