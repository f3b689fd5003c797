package dev.flopscope.fit;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.EmbeddingConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.FeedForwardConfig.Experts;
import dev.flopscope.config.FeedForwardConfig.Gated;
import dev.flopscope.config.FeedForwardConfig.Plain;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.PositionsConfig;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.config.RotaryScaling;
import dev.flopscope.config.RoutingConfig;
import dev.flopscope.polynomial.Axis;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Monomial;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Models with one block's traits and small extents of all sizes.
 *
 * <p>The letters are those of the closed forms: B, T, D, H, K, d, F, V, L; E and k of experts, F_s of their shared network; R_q, R,
 * d_r and d_v of multi-head latent attention; w of a window; and G, the tokens decoded after a prompt. H is a multiple of K, so
 * that what is varied is K and the heads H/K that share each of them; {@link #inHeads} brings polynomials back to H and K.
 *
 * @param template has the traits
 * @param block the block that all layers of the small models are
 * @param decodes whether tokens are decoded after the prompt
 */
public record SmallModels(ModelConfig template, BlockConfig block, boolean decodes) {
    private static final String SHARED_HEADS = "H/K";
    /** Columns that are turned, where no letter says how many: the fewest that can be. */
    private static final int TURNED = 2;

    private static final int CONTEXT_LENGTH = 64;

    /** The letters that this model has, and the values that they take. */
    public List<Axis> axes() {
        AttentionConfig heads = block.attention();
        List<Axis> axes = new ArrayList<>(List.of(
                Axis.of("B", 1, 1), Axis.of("T", 2, 1), Axis.of("L", 1, 1), Axis.of("D", 2, 1), Axis.of("K", 1, 1)));
        if (decodes) {
            axes.add(Axis.of("G", 1, 1));
        }
        if (heads.latent().isPresent()) {
            heads.latent().get().queryRank().ifPresent(rank -> axes.add(Axis.of("R_q", 2, 1)));
            axes.addAll(List.of(Axis.of("R", 2, 1), Axis.of("d_r", 2, 2), Axis.of("d_v", 2, 1), Axis.of("d", 14, 2)));
        } else {
            axes.addAll(List.of(Axis.of(SHARED_HEADS, 1, 1), Axis.of("d", 2, 2)));
        }
        if (heads.window().isPresent()) {
            axes.add(Axis.of("w", 2, 1));
        }
        axes.add(Axis.of("F", 2, 1));
        if (block.feedForward() instanceof Experts mixture) {
            axes.addAll(List.of(Axis.of("E", 6, 1), Axis.of("k", 1, 1)));
            mixture.sharedWidth().ifPresent(width -> axes.add(Axis.of("F_s", 2, 1)));
        }
        axes.add(Axis.of("V", 5, 1));
        return axes;
    }

    /** The run at a point that has a value for each of the {@link #axes}. */
    public SmallRun at(Map<String, Integer> point) {
        BlockConfig small = new BlockConfig(
                block.attentionNorm(),
                attention(point),
                block.feedForwardNorm(),
                feedForward(point),
                block.arrangement());
        ModelConfig model = ModelConfig.uniform(
                template.name(),
                new EmbeddingConfig(
                        of(point, "V"), of(point, "D"), template.embedding().scale()),
                new PositionsConfig(CONTEXT_LENGTH, template.positions().learned()),
                of(point, "L"),
                small,
                template.head());
        return new SmallRun(
                model, of(point, "B"), of(point, "T"), decodes ? OptionalInt.of(of(point, "G")) : OptionalInt.empty());
    }

    /**
     * The extents of the model itself by their letters, for polynomials in H and K.
     *
     * @param decode G, 0 if nothing is decoded
     * @param layers L, those of this block
     */
    public Map<String, Long> sizes(int batch, int tokens, int decode, int layers) {
        Map<String, Long> sizes = new HashMap<>(block.extents());
        sizes.put("B", (long) batch);
        sizes.put("T", (long) tokens);
        sizes.put("G", (long) decode);
        sizes.put("L", (long) layers);
        sizes.put("D", (long) template.dModel());
        sizes.put("V", (long) template.vocabSize());
        return sizes;
    }

    private static int of(Map<String, Integer> point, String letter) {
        return Optional.ofNullable(point.get(letter))
                .orElseThrow(() -> new IllegalArgumentException("no value of " + letter + ": " + point));
    }

    private AttentionConfig attention(Map<String, Integer> point) {
        AttentionConfig heads = block.attention();
        int keyHeads = of(point, "K");
        Optional<LatentConfig> latent = heads.latent()
                .map(old -> new LatentConfig(
                        old.queryRank().isEmpty() ? OptionalInt.empty() : OptionalInt.of(of(point, "R_q")),
                        of(point, "R"),
                        of(point, "d_r"),
                        old.norm(),
                        old.interleaved()));
        int turned = latent.map(LatentConfig::rotaryWidth).orElse(TURNED);
        return new AttentionConfig(
                latent.isPresent() ? keyHeads : Math.multiplyExact(keyHeads, of(point, SHARED_HEADS)),
                keyHeads,
                of(point, "d"),
                latent.isPresent() ? of(point, "d_v") : of(point, "d"),
                heads.scale(),
                heads.rotary()
                        .map(rotary -> new RotaryConfig(
                                rotary.theta(),
                                rotary.width().isEmpty() ? OptionalInt.empty() : OptionalInt.of(turned),
                                new RotaryScaling.None())),
                heads.window().isPresent() ? OptionalInt.of(of(point, "w")) : OptionalInt.empty(),
                heads.inputBias(),
                heads.outputBias(),
                heads.queryKeyNorm(),
                latent,
                heads.sinks(),
                heads.softCap());
    }

    private FeedForwardConfig feedForward(Map<String, Integer> point) {
        int width = of(point, "F");
        FeedForwardConfig network = block.feedForward();
        if (network instanceof Experts mixture) {
            RoutingConfig routing = mixture.routing();
            return new Experts(
                    of(point, "E"),
                    of(point, "k"),
                    new Gated(width, mixture.activation(), mixture.expert().bias(), mixture.limit()),
                    mixture.sharedWidth().isEmpty() ? OptionalInt.empty() : OptionalInt.of(of(point, "F_s")),
                    mixture.sharedGated(),
                    mixture.routerBias(),
                    // Groups must divide E; they decide who gets a row and not how many rows there are.
                    new RoutingConfig(
                            routing.score(), routing.renormalised(), routing.scale(), 1, 1, routing.corrected()));
        }
        return network instanceof Gated gated
                ? new Gated(width, gated.activation(), gated.bias(), gated.limit())
                : new Plain(width, network.activation(), ((Plain) network).bias());
    }

    /**
     * A polynomial in K and H/K as one in H and K; where every head has keys of its own, in H.
     *
     * @throws IllegalArgumentException if there is none, since a term has more factors H/K than K
     */
    public Polynomial inHeads(Polynomial polynomial) {
        boolean latent = block.attention().latent().isPresent();
        Map<Monomial, Fraction> terms = new HashMap<>();
        polynomial.terms().forEach((monomial, coefficient) -> {
            int keyHeads = monomial.power("K");
            int shared = latent ? keyHeads : monomial.power(SHARED_HEADS);
            if (shared > keyHeads) {
                throw new IllegalArgumentException("not a polynomial in H and K: " + polynomial);
            }
            Map<String, Integer> powers = new HashMap<>(monomial.powers());
            powers.remove(SHARED_HEADS);
            powers.put("H", shared);
            powers.put("K", keyHeads - shared);
            terms.put(new Monomial(powers), coefficient);
        });
        return new Polynomial(terms);
    }
}
