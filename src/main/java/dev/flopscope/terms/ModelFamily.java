package dev.flopscope.terms;

import dev.flopscope.config.Attention;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.PositionsConfig;
import dev.flopscope.convention.Ledger;
import dev.flopscope.fit.SmallModels;
import dev.flopscope.fit.SmallRun;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Axis;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The models of one model's traits in all sizes, and one run of each: what a claimed formula is about. A size, or point, has a
 * value for each letter of {@link #axes}.
 *
 * @param account the model at hand and its run
 * @param models its traits
 */
public record ModelFamily(Account account, SmallModels models) {
    /** The tokens that a model which learns a vector for each position was made for. */
    static final String CONTEXT_LENGTH = "C";

    /** The query heads that share a key/value head. */
    static final String SHARED_HEADS = "H/K";

    /** The family of a model, if its blocks are all the same but for their windows, which change no count of dense attention. */
    public static Optional<ModelFamily> of(Account account) {
        if (Ledger.of(account).layers().size() > 1) {
            return Optional.empty();
        }
        ModelConfig model = account.model();
        return Optional.of(new ModelFamily(
                account,
                new SmallModels(model, model.firstBlock(), account.decode().isPresent())));
    }

    /** The letters of a size and small values of each. */
    List<Axis> axes() {
        List<Axis> axes = new ArrayList<>(models.axes());
        if (models.template().positions().learned()) {
            axes.add(Axis.of(CONTEXT_LENGTH, 20, 1));
        }
        return axes;
    }

    /** The run of one size. */
    public SmallRun run(Map<String, Integer> point) {
        SmallRun run = models.at(point);
        ModelConfig model = run.model();
        ModelConfig sized = new ModelConfig(
                model.name(),
                model.embedding(),
                new PositionsConfig(
                        point.getOrDefault(CONTEXT_LENGTH, model.positions().contextLength()),
                        model.positions().learned()),
                model.blocks(),
                model.head(),
                models.template().architecture());
        return new SmallRun(sized, run.batch(), run.tokens(), run.decode());
    }

    /** The closed forms of one size. */
    public Account account(Map<String, Integer> point) {
        SmallRun run = run(point);
        return Account.of(
                run.model(),
                Phase.of(run.batch(), run.tokens(), OptionalInt.empty(), run.decode(), LogitsRows.ALL),
                Attention.full());
    }

    /** A polynomial in the letters of points as one in H and K. */
    Polynomial inHeads(Polynomial polynomial) {
        return models.inHeads(polynomial);
    }

    /** The letters of polynomials at the size of the model at hand. */
    public Map<String, Fraction> size() {
        Map<String, Fraction> size = new HashMap<>();
        models.sizes(
                        account.batch(),
                        account.context(),
                        account.decodedTokens(),
                        account.model().numLayers())
                .forEach((letter, extent) -> size.put(letter, Fraction.of(extent)));
        size.put(CONTEXT_LENGTH, Fraction.of(account.model().contextLength()));
        return size;
    }

    /** The letters of polynomials at a point. */
    public Map<String, Fraction> size(Map<String, Integer> point) {
        Map<String, Fraction> size = new HashMap<>();
        point.forEach((letter, extent) -> size.put(letter, Fraction.of(extent)));
        Fraction shared = size.remove(SHARED_HEADS);
        Fraction keyHeads = size.getOrDefault("K", Fraction.ONE);
        size.put("H", shared == null ? keyHeads : keyHeads.times(shared));
        return size;
    }

    /** The extents of a point as people name them: H and not H/K. */
    public Map<String, Integer> letters(Map<String, Integer> point) {
        Map<String, Integer> letters = new LinkedHashMap<>();
        point.forEach((letter, extent) -> {
            if (letter.equals(SHARED_HEADS)) {
                letters.put("H", extent * point.getOrDefault("K", 1));
            } else {
                letters.put(letter, extent);
            }
        });
        if (!point.containsKey(SHARED_HEADS)) {
            letters.put("H", point.getOrDefault("K", 1));
        }
        return letters;
    }

    /** An extent of the model at hand, by its letter in points. */
    int extent(String letter) {
        return letter.equals(SHARED_HEADS)
                ? extent("H") / extent("K")
                : Optional.ofNullable(size().get(letter))
                        .orElse(Fraction.ONE)
                        .numerator()
                        .intValueExact();
    }
}
