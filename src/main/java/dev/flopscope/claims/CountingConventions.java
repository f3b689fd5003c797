package dev.flopscope.claims;

import static dev.flopscope.claims.Convention.common;
import static dev.flopscope.claims.Convention.rare;

import dev.flopscope.claims.Convention.Subject;
import dev.flopscope.claims.Ledger.Outside;
import dev.flopscope.claims.Ledger.Product;
import dev.flopscope.claims.Ledger.Scale;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.polynomial.Fraction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The conventions by which published accounts count the same products otherwise than we do: by other factors, in other units,
 * by other parameters, or by parameters instead of products.
 */
final class CountingConventions {
    private static final Fraction HALF = Fraction.ONE.over(2);

    private CountingConventions() {}

    /** All of them, in the order in which reports name those that cost the same. */
    static List<Convention> all() {
        List<Convention> all = new ArrayList<>();
        all.addAll(ofParameters());
        all.addAll(ofMemory());
        all.addAll(ofCounting());
        all.addAll(byParameters());
        return all;
    }

    private static List<Convention> ofParameters() {
        Subject parameters = Subject.PARAMETERS;
        return List.of(
                common(
                        parameters,
                        "embedding and LM head counted once, as if tied",
                        withOutside(before -> new Outside(
                                before.embedding(), before.positions(), before.finalNorm(), Fraction.ZERO))),
                common(
                        parameters,
                        "embedding and LM head counted twice, though they are tied",
                        withOutside(before -> new Outside(
                                before.embedding(), before.positions(), before.finalNorm(), before.embedding()))),
                common(
                        parameters,
                        "embedding's parameters left out",
                        withOutside(before ->
                                new Outside(Fraction.ZERO, before.positions(), before.finalNorm(), before.lmHead()))),
                rare(
                        parameters,
                        "parameters of embedding and LM head left out",
                        withOutside(before ->
                                new Outside(Fraction.ZERO, before.positions(), before.finalNorm(), Fraction.ZERO))),
                common(
                        Subject.NORMS,
                        "norms left out",
                        ledger -> withOutside(before -> new Outside(
                                        before.embedding(), before.positions(), Fraction.ZERO, before.lmHead()))
                                .apply(ledger.withLayers(group -> group.withNorms(Fraction.ZERO)))));
    }

    private static UnaryOperator<Ledger> withOutside(UnaryOperator<Outside> change) {
        return ledger -> ledger.with(change.apply(ledger.outside()));
    }

    private static List<Convention> ofMemory() {
        return List.of(
                common(Subject.ELEMENT, "two bytes an element", withBytes(Fraction.of(2))),
                common(Subject.ELEMENT, "one byte an element", withBytes(Fraction.ONE)),
                rare(Subject.ELEMENT, "half a byte an element", withBytes(HALF)),
                common(
                        Subject.CACHE,
                        "only keys or only values counted",
                        ledger -> ledger.withLayers(
                                group -> group.withCache(group.cache().over(2)))),
                common(
                        Subject.UNIT,
                        "GB given for GiB",
                        withScale(before -> before.withUnits(before.gigabyte(), before.gigabyte()))),
                common(
                        Subject.UNIT,
                        "GiB given for GB",
                        withScale(before -> before.withUnits(before.gibibyte(), before.gibibyte()))));
    }

    private static UnaryOperator<Ledger> withScale(UnaryOperator<Scale> change) {
        return ledger -> ledger.with(change.apply(ledger.scale()));
    }

    private static UnaryOperator<Ledger> withBytes(Fraction bytes) {
        return withScale(before -> before.withBytes(bytes));
    }

    private static List<Convention> ofCounting() {
        return List.of(
                common(Subject.FLOPS, "a multiply-add counted as 1", times(HALF)),
                common(
                        Subject.FLOPS,
                        "m·n·(2k−1) for 2·m·k·n (the first addition of each sum not counted)",
                        withScale(before -> before.counting(Fraction.ONE, Fraction.ONE))),
                rare(Subject.FLOPS, "FLOPs doubled as if they were multiply-adds", times(Fraction.of(2))),
                common(
                        Subject.TRAINING,
                        "backward pass counted too (three times the forward pass)",
                        times(Fraction.of(3))),
                rare(
                        Subject.TRAINING,
                        "backward pass counted too, and the forward pass computed anew for it (four times the forward pass)",
                        times(Fraction.of(4))),
                rare(Subject.TOKENS, "one token's share given for all tokens", CountingConventions::ofOneToken));
    }

    private static UnaryOperator<Ledger> times(Fraction factor) {
        return withScale(before -> before.counting(factor, before.notAdded()));
    }

    private static Ledger ofOneToken(Ledger ledger) {
        Fraction share = Fraction.ONE.over(ledger.scale().tokens());
        return times(share)
                .apply(ledger)
                .withLayers(group -> group.withCache(group.cache().times(share)));
    }

    /** 2·N·T and 6·N·T, by which parameters N has and whether attention's products are added. */
    private static List<Convention> byParameters() {
        List<Convention> all = new ArrayList<>();
        byParameters(all, "all parameters", Ledger::parameters);
        byParameters(all, "the parameters of products", CountingConventions::multiplied);
        byParameters(
                all,
                "all parameters but the embedding's",
                ledger -> ledger.parameters().minus(ledger.outside().embedding()));
        byParameters(
                all,
                "all matrices (the embedding's too)",
                ledger -> ledger.parameters()
                        .minus(ledger.ofLayers(Layers::norms))
                        .minus(ledger.outside().finalNorm()));
        byParameters(all, "the blocks' parameters", Ledger::blocksParameters);
        byParameters(
                all, "the blocks' matrices", ledger -> ledger.blocksParameters().minus(ledger.ofLayers(Layers::norms)));
        return all;
    }

    private static void byParameters(List<Convention> all, String which, Function<Ledger, Fraction> parameters) {
        for (boolean training : new boolean[] {false, true}) {
            String name = (training ? "6·N·T (training) with " : "2·N·T with ") + which;
            UnaryOperator<Ledger> attentionAdded =
                    ledger -> withScale(before -> before.counting(Fraction.of(training ? 3 : 1), Fraction.ZERO))
                            .apply(ledger.adding(new Product(
                                    ledger.scale()
                                            .tokens()
                                            .times(parameters.apply(ledger).minus(multiplied(ledger))),
                                    Fraction.ONE)));
            all.add(rare(
                    Subject.TRAINING,
                    name + " and without attention products",
                    ledger -> attentionAdded.apply(ProductConventions.without(ledger, Layers.ATTENTION_PRODUCTS))));
            all.add(rare(Subject.TRAINING, name + " and with attention products", attentionAdded));
        }
    }

    /** Parameters that a token meets in products: those of the layers' matrices, and V·D, tied or not. */
    private static Fraction multiplied(Ledger ledger) {
        Set<MatmulKind> weighted = EnumSet.complementOf(EnumSet.copyOf(Layers.ATTENTION_PRODUCTS));
        return ledger.ofLayers(group -> group.sum(weighted, Product::multiplyAdds))
                .plus(ledger.head().multiplyAdds())
                .over(ledger.scale().tokens());
    }
}
