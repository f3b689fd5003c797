package dev.flopscope.audit;

import dev.flopscope.count.MatmulKind;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The conventions by which published counts commonly differ from ours.
 *
 * <p>They are tried on every claim that is off, whatever it is about. Two may give the same number; then both are named.
 */
final class Conventions {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal THREE = BigDecimal.valueOf(3);
    private static final Set<MatmulKind> EVERY_KIND = EnumSet.allOf(MatmulKind.class);

    private static final Convention LAST_DIGIT =
            new Convention("one unit off in the last digit", Conventions::neighbours);

    private static final List<Convention> ALL = List.of(
            Convention.counting("both products of attention counted in one", Conventions::bothProductsInScores),
            Convention.counting("both products of attention counted in one", Conventions::bothProductsInValues),
            Convention.counting(
                    "two feed-forward products counted, where the model has three",
                    Conventions::twoFeedForwardProducts),
            Convention.counting(
                    "three feed-forward products counted, where the model has two",
                    Conventions::threeFeedForwardProducts),
            Convention.counting("a multiply-add counted as 1", ledger -> ledger.with(EVERY_KIND, value -> half(value))),
            Convention.counting(
                    "the backward pass included, twice the forward pass",
                    ledger -> ledger.with(EVERY_KIND, THREE::multiply)),
            Convention.counting("only the causal triangle counted, T(T+1)/2 scores for T²", Conventions::triangle),
            Convention.counting(
                    "attention products halved for causality",
                    ledger -> ledger.with(Ledger.ATTENTION_PRODUCTS, value -> half(value))),
            Convention.counting(
                    "attention products left out",
                    ledger -> ledger.with(Ledger.ATTENTION_PRODUCTS, value -> BigDecimal.ZERO)),
            Convention.counting(
                    "embedding and LM head counted once, as if tied",
                    ledger -> ledger.with(ledger.parameters().withLmHead(BigDecimal.ZERO))),
            Convention.counting(
                    "embedding and LM head counted twice, though they are tied",
                    ledger -> ledger.with(
                            ledger.parameters().withLmHead(ledger.parameters().embedding()))),
            Convention.unit("GB given for GiB", "weights.gib", "weights.gb"),
            Convention.unit("GiB given for GB", "weights.gb", "weights.gib"),
            new Convention(
                    "the sum of its parts as claimed",
                    claim -> claim.sumOfParts().stream().toList()));

    private Conventions() {}

    /**
     * What explains a claim that is off: every convention that gives the claimed number or, if none does, that it misses
     * by one unit of its last digit, if that is so.
     */
    static List<String> explain(ClaimCase claim) {
        List<String> names = ALL.stream()
                .filter(convention -> convention.explains(claim))
                .map(Convention::name)
                .distinct()
                .toList();
        if (names.isEmpty() && LAST_DIGIT.explains(claim)) {
            return List.of(LAST_DIGIT.name());
        }
        return names;
    }

    private static Ledger bothProductsInScores(Ledger ledger) {
        return ledger.withFlops(MatmulKind.ATTN_SCORES, ledger.flops(Ledger.ATTENTION_PRODUCTS));
    }

    private static Ledger bothProductsInValues(Ledger ledger) {
        return ledger.withFlops(MatmulKind.ATTN_VALUES, ledger.flops(Ledger.ATTENTION_PRODUCTS));
    }

    private static Ledger twoFeedForwardProducts(Ledger ledger) {
        if (!ledger.flops().containsKey(MatmulKind.FFN_GATE)) {
            return ledger;
        }
        Ledger.Parameters parameters = ledger.parameters();
        BigDecimal twoOfThree = parameters.feedForward().multiply(TWO).divide(THREE, Ledger.DIGITS);
        return ledger.with(Set.of(MatmulKind.FFN_GATE), value -> BigDecimal.ZERO)
                .with(parameters.withFeedForward(twoOfThree));
    }

    private static Ledger threeFeedForwardProducts(Ledger ledger) {
        if (ledger.flops().containsKey(MatmulKind.FFN_GATE)) {
            return ledger;
        }
        Ledger.Parameters parameters = ledger.parameters();
        return ledger.withFlops(MatmulKind.FFN_GATE, ledger.flops(MatmulKind.FFN_UP))
                .with(parameters.withFeedForward(half(parameters.feedForward().multiply(THREE))));
    }

    /** A query sees itself and what came before: T(T+1)/2 of T² scores. */
    private static Ledger triangle(Ledger ledger) {
        BigDecimal context = ledger.context();
        return ledger.with(
                Ledger.ATTENTION_PRODUCTS,
                value -> value.multiply(context.add(BigDecimal.ONE)).divide(context.multiply(TWO), Ledger.DIGITS));
    }

    private static List<BigDecimal> neighbours(ClaimCase claim) {
        if (claim.claim().precision() instanceof Precision.Digits digits) {
            BigDecimal rounded = digits.rounded(claim.actual());
            BigDecimal unit = digits.unit(rounded);
            return List.of(rounded.add(unit), rounded.subtract(unit));
        }
        return List.of();
    }

    private static BigDecimal half(BigDecimal value) {
        return value.divide(TWO, Ledger.DIGITS);
    }
}
