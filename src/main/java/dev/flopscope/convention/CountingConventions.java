package dev.flopscope.convention;

import static dev.flopscope.convention.Convention.common;
import static dev.flopscope.convention.Convention.rare;

import dev.flopscope.convention.Convention.Subject;
import dev.flopscope.convention.Ledger.Other;
import dev.flopscope.convention.Ledger.Outside;
import dev.flopscope.convention.Ledger.Product;
import dev.flopscope.convention.Ledger.Scale;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.polynomial.Fraction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The conventions by which published accounts count the same products otherwise than we do: by other factors, in other units,
 * by other parameters, or by parameters instead of products.
 */
final class CountingConventions {
    private static final Fraction HALF = Fraction.ONE.over(2);

    /** m·k·n. */
    static final Convention MULTIPLY_ADDS = common(Subject.FLOPS, "a multiply-add counted as 1", times(HALF));

    /** m·n·(2k−1). */
    static final Convention FIRST_ADDITION = common(
            Subject.FLOPS,
            "m·n·(2k−1) for 2·m·k·n (the first addition of each sum not counted)",
            withScale(before -> before.counting(Fraction.ONE, Fraction.ONE)));

    /** Each product of a forward pass makes two of a backward pass. */
    static final Convention BACKWARD =
            common(Subject.TRAINING, "backward pass counted too (three times the forward pass)", times(Fraction.of(3)));

    /** FLOPs of an element by DeepSpeed's flops profiler: 1 of a softmax, 5 of a norm, 1 of an activation and of a product. */
    static final Convention ELEMENTWISE = rare(
            Subject.ELEMENTS, "softmax, norms, activation and gate counted too", CountingConventions::withElements);

    private static final int FLOPS_OF_A_NORM = 5;

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
                                .apply(ledger.withLayers(group -> group.withNorms(Fraction.ZERO)))),
                common(
                        Subject.BIASES,
                        "biases left out",
                        ledger -> ledger.withLayers(group -> group.withBiases(Fraction.ZERO))),
                common(
                        Subject.POSITIONS,
                        "learned positions left out",
                        withOutside(before ->
                                new Outside(before.embedding(), Fraction.ZERO, before.finalNorm(), before.lmHead()))));
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
                rare(
                        Subject.CACHE,
                        "only the tokens of the window counted in the cache",
                        ledger -> ledger.withLayers(CountingConventions::withCacheOfTheWindow)),
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
                MULTIPLY_ADDS,
                FIRST_ADDITION,
                rare(Subject.FLOPS, "FLOPs doubled as if they were multiply-adds", times(Fraction.of(2))),
                BACKWARD,
                ELEMENTWISE,
                rare(
                        Subject.TRAINING,
                        "backward pass given for the forward pass (twice as much)",
                        times(Fraction.of(2))),
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

    private static Layers withCacheOfTheWindow(Layers group) {
        Fraction dense =
                group.sum(Layers.ATTENTION_PRODUCTS, Product::multiplyAdds).times(2);
        return group.withCache(group.cache().times(group.elements().band()).over(dense));
    }

    private static Ledger withElements(Ledger ledger) {
        Fraction activated = ledger.ofLayers(
                group -> group.sum(EnumSet.of(MatmulKind.FFN_UP, MatmulKind.SHARED_UP), Product::results));
        Fraction gated = ledger.ofLayers(
                group -> group.sum(EnumSet.of(MatmulKind.FFN_GATE, MatmulKind.SHARED_GATE), Product::results));
        Fraction normed = ledger.ofLayers(group -> group.elements().normed())
                .plus(ledger.scale().tokens().times(ledger.head().terms()));
        return ledger.adding(Other.elementwise(
                        "softmax",
                        ledger.ofLayers(
                                group -> group.product(MatmulKind.ATTN_SCORES).results()),
                        1))
                .adding(Other.elementwise("norms", normed, FLOPS_OF_A_NORM))
                .adding(Other.elementwise("activation", activated, 1))
                .adding(Other.elementwise("gate", gated, 1));
    }

    /** Which parameters N has. */
    enum Parameters {
        /** Everything. */
        ALL("all parameters"),
        /** What a token is multiplied by. */
        OF_PRODUCTS("the parameters of products"),
        /** With the head's, if they are its own. */
        BUT_EMBEDDING("all parameters but the embedding's"),
        /** No vectors. */
        MATRICES("all matrices (the embedding's too)"),
        /** Norms and biases too. */
        OF_BLOCKS("the blocks' parameters"),
        /** No vectors, no embedding and no head. */
        BLOCK_MATRICES("the blocks' matrices");

        private final String words;

        Parameters(String words) {
            this.words = words;
        }

        Fraction number(Ledger ledger) {
            return switch (this) {
                case ALL -> ledger.parameters();
                case OF_PRODUCTS -> multiplied(ledger);
                case BUT_EMBEDDING -> ledger.parameters().minus(ledger.outside().embedding());
                case MATRICES ->
                    ledger.parameters()
                            .minus(ledger.ofLayers(Layers::normsAndBiases))
                            .minus(ledger.outside().finalNorm());
                case OF_BLOCKS -> ledger.blocksParameters();
                case BLOCK_MATRICES -> ledger.blocksParameters().minus(ledger.ofLayers(Layers::normsAndBiases));
            };
        }
    }

    /** 2·N·T and 6·N·T, by which parameters N has and whether attention's products are added. */
    private static List<Convention> byParameters() {
        List<Convention> all = new ArrayList<>();
        for (Parameters which : Parameters.values()) {
            for (boolean training : new boolean[] {false, true}) {
                all.add(byParameters(training, which, false));
                all.add(byParameters(training, which, true));
            }
        }
        return all;
    }

    /**
     * 2·N·T, or 6·N·T.
     *
     * @param attention whether the products of attention are added, which have no parameters
     */
    static Convention byParameters(boolean training, Parameters which, boolean attention) {
        String name = (training ? "6·N·T (training) with " : "2·N·T with ") + which.words + " and "
                + (attention ? "with" : "without") + " attention products";
        UnaryOperator<Ledger> counted =
                withScale(before -> before.counting(Fraction.of(training ? 3 : 1), Fraction.ZERO));
        return rare(Subject.TRAINING, name, ledger -> {
            Ledger changed =
                    counted.apply(attention ? ledger : ProductConventions.without(ledger, Layers.ATTENTION_PRODUCTS));
            return withParameters(changed, which.number(ledger));
        });
    }

    /** The head's product stays if there are parameters for it; the rest is counted as if it were multiplied. */
    private static Ledger withParameters(Ledger ledger, Fraction parameters) {
        boolean headToo = multiplied(ledger).compareTo(parameters) <= 0;
        Ledger products = headToo ? ledger : ledger.withHead(Product.NONE);
        Fraction rest = parameters.minus(multiplied(products));
        return rest.signum() == 0
                ? products
                : products.adding(new Other(
                        "parameters of no product",
                        new Product(ledger.scale().tokens().times(rest), Fraction.ONE),
                        false));
    }

    /** Parameters that a token meets in products: those of the layers' matrices, and V·D, tied or not. */
    private static Fraction multiplied(Ledger ledger) {
        Set<MatmulKind> weighted = EnumSet.complementOf(EnumSet.copyOf(Layers.ATTENTION_PRODUCTS));
        return ledger.ofLayers(group -> group.sum(weighted, Product::multiplyAdds))
                .plus(ledger.head().multiplyAdds())
                .over(ledger.scale().tokens());
    }
}
