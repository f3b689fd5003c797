package dev.flopscope.sweep;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The settings of one row: with where it ran, its identity.
 *
 * @param model the model's name
 * @param modelHash what its config is, so that a changed file of the same name is another model
 * @param batch B
 * @param context T
 * @param threads threads of products and of what is between them
 * @param attention the algorithm's label
 * @param queryTile rows of a tile of scores as asked for, which a shorter context cuts off; T if heads are whole
 * @param keyTile columns of a tile of scores, likewise
 * @param weights {@code full} or {@code shared}
 * @param seed of the weights and the ids
 */
public record SweepPoint(
        String model,
        String modelHash,
        int batch,
        int context,
        int threads,
        String attention,
        int queryTile,
        int keyTile,
        String weights,
        long seed) {
    private static final int HASH_DIGITS = 16;
    private static final Attention USUAL = Attention.of(Algorithm.TILED);

    /** The point of a run. */
    public static SweepPoint of(RunSpec spec) {
        int context = spec.longestContext();
        Attention attention = spec.attention();
        boolean whole = attention.algorithm() == Algorithm.FULL;
        return new SweepPoint(
                spec.model().name(),
                hash(spec.model()),
                spec.batch(),
                context,
                spec.threads(),
                attention.algorithm().label(),
                whole ? context : attention.queryTile(),
                whole ? context : attention.keyTile(),
                spec.weights().label(),
                spec.seed());
    }

    /** The first digits of the SHA-256 of every extent and constant, without the name. */
    static String hash(ModelConfig model) {
        String values = List.<Object>of(
                        model.vocabSize(),
                        model.contextLength(),
                        model.numLayers(),
                        model.dModel(),
                        model.numHeads(),
                        model.numKvHeads(),
                        model.headDim(),
                        model.dFf(),
                        model.tieEmbeddings(),
                        model.feedForward().label(),
                        model.ropeTheta(),
                        model.normEps())
                .stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(values.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether scores are computed in tiles; else a head's whole. */
    public boolean hasTiles() {
        return !attention.equals(Algorithm.FULL.label());
    }

    /** {@code causal}, or {@code causal 64×64} where tiles have another size than they have if none is asked for. */
    public String attentionAndTile() {
        boolean usual = queryTile == USUAL.queryTile() && keyTile == USUAL.keyTile();
        return usual || !hasTiles() ? attention : attention + " " + queryTile + "×" + keyTile;
    }

    /** {@code gpt2-small, batch 1, context 1024, 2 threads, tiled}. */
    public String describe() {
        return model + ", batch " + batch + ", context " + context + ", " + threads
                + (threads == 1 ? " thread, " : " threads, ") + attentionAndTile();
    }
}
