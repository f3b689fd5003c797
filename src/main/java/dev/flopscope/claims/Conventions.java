package dev.flopscope.claims;

import dev.flopscope.claims.ClaimVerdict.Parts;
import dev.flopscope.count.MatmulKind;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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
            counting("both products of attention counted in one", Conventions::bothProductsInScores),
            counting("both products of attention counted in one", Conventions::bothProductsInValues),
            counting(
                    "two feed-forward products counted, where the model has three",
                    Conventions::twoFeedForwardProducts),
            counting(
                    "three feed-forward products counted, where the model has two",
                    Conventions::threeFeedForwardProducts),
            counting("a multiply-add counted as 1", ledger -> ledger.with(EVERY_KIND, value -> half(value))),
            counting(
                    "the backward pass included, twice the forward pass",
                    ledger -> ledger.with(EVERY_KIND, THREE::multiply)),
            counting("only the causal triangle counted, T(T+1)/2 scores for T²", Conventions::triangle),
            counting(
                    "attention products halved for causality",
                    ledger -> ledger.with(Ledger.ATTENTION_PRODUCTS, value -> half(value))),
            counting(
                    "attention products left out",
                    ledger -> ledger.with(Ledger.ATTENTION_PRODUCTS, value -> BigDecimal.ZERO)),
            counting(
                    "embedding and LM head counted once, as if tied",
                    ledger -> ledger.with(ledger.parameters().withLmHead(BigDecimal.ZERO))),
            counting(
                    "embedding and LM head counted twice, though they are tied",
                    ledger -> ledger.with(
                            ledger.parameters().withLmHead(ledger.parameters().embedding()))),
            unit("GB given for GiB", "weights.gib", "weights.gb"),
            unit("GiB given for GB", "weights.gb", "weights.gib"),
            new Convention(
                    "the sum of its parts as claimed",
                    claim -> claim.parts().map(Parts::sum).stream().toList()));

    private Conventions() {}

    /**
     * A way to count or to write that differs from ours and may explain a claim that is off.
     *
     * @param name in words, as a report says it after "off by factor 2:"
     * @param alternatives the values that the claimed quantity has under it; none where it does not apply
     */
    private record Convention(String name, Function<ClaimCase, List<BigDecimal>> alternatives) {
        /** Whether the claimed number is exactly, or rounds to, what this convention gives. */
        boolean explains(ClaimCase claim) {
            return alternatives.apply(claim).stream()
                    .anyMatch(value -> claim.judge(value).holds());
        }
    }

    /** A convention that counts products or parameters differently. */
    private static Convention counting(String name, UnaryOperator<Ledger> ledger) {
        return new Convention(name, claim -> List.of(claim.under(ledger)));
    }

    /** A convention that writes {@code taken} where {@code named} is what the name says. */
    private static Convention unit(String name, String named, String taken) {
        return new Convention(
                name, claim -> claim.quantity().name().equals(named) ? List.of(claim.other(taken)) : List.of());
    }

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

    /** Each matrix has its share of the parameters, as its product has of the FLOPs. */
    private static Ledger twoFeedForwardProducts(Ledger ledger) {
        BigDecimal gate = ledger.flops(MatmulKind.FFN_GATE);
        return gate.signum() == 0
                ? ledger
                : ledger.with(Set.of(MatmulKind.FFN_GATE), value -> BigDecimal.ZERO)
                        .with(feedForwardGrownBy(gate.negate(), ledger));
    }

    private static Ledger threeFeedForwardProducts(Ledger ledger) {
        BigDecimal up = ledger.flops(MatmulKind.FFN_UP);
        return ledger.flops().containsKey(MatmulKind.FFN_GATE)
                ? ledger
                : ledger.withFlops(MatmulKind.FFN_GATE, up).with(feedForwardGrownBy(up, ledger));
    }

    private static Ledger.Parameters feedForwardGrownBy(BigDecimal flops, Ledger ledger) {
        BigDecimal before = ledger.flops(Ledger.FEED_FORWARD);
        BigDecimal parameters = ledger.parameters().feedForward();
        return ledger.parameters()
                .withFeedForward(parameters.multiply(before.add(flops)).divide(before, Ledger.DIGITS));
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
