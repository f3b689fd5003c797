package dev.flopscope.convention;

import dev.flopscope.convention.Ledger.Other;
import dev.flopscope.convention.Ledger.Outside;
import dev.flopscope.convention.Ledger.Product;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.polynomial.Fraction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One of the parts that a ledger is the sum of: a kind of product with the parameters of its weight, or parameters or a cache
 * that belong to no product.
 *
 * @param name of a product its label, else what it is in a word
 * @param alone the ledger with this part and no other
 */
public record LedgerPart(String name, UnaryOperator<Ledger> alone) {
    /** The parameters of the token embedding. */
    public static final String EMBEDDING = "embedding";

    private static final Outside NOTHING_OUTSIDE =
            new Outside(Fraction.ZERO, Fraction.ZERO, Fraction.ZERO, Fraction.ZERO);

    /** The parts of {@code ledger}, in the order of a pass, those without a product last. */
    public static List<LedgerPart> of(Ledger ledger) {
        Set<MatmulKind> kinds = new LinkedHashSet<>();
        for (MatmulKind kind : MatmulKind.values()) {
            if (ledger.layers().stream().anyMatch(group -> group.products().containsKey(kind))) {
                kinds.add(kind);
            }
        }
        List<LedgerPart> parts = new ArrayList<>();
        kinds.forEach(kind -> parts.add(new LedgerPart(kind.label(), whole -> productOf(whole, kind))));
        parts.add(new LedgerPart(
                MatmulKind.LM_HEAD.label(),
                whole -> only(
                        whole,
                        nothing(whole),
                        whole.head(),
                        new Outside(
                                Fraction.ZERO,
                                Fraction.ZERO,
                                Fraction.ZERO,
                                whole.outside().lmHead()))));
        parts.add(outside(
                EMBEDDING, before -> new Outside(before.embedding(), Fraction.ZERO, Fraction.ZERO, Fraction.ZERO)));
        parts.add(outside(
                "positions", before -> new Outside(Fraction.ZERO, before.positions(), Fraction.ZERO, Fraction.ZERO)));
        parts.add(outside(
                "final_norm", before -> new Outside(Fraction.ZERO, Fraction.ZERO, before.finalNorm(), Fraction.ZERO)));
        parts.add(inLayers("norms", group -> bare(group, Map.of()).withNorms(group.norms())));
        parts.add(inLayers("biases", group -> bare(group, Map.of()).withBiases(group.biases())));
        parts.add(inLayers("cache", group -> bare(group, Map.of()).withCache(group.cache())));
        return List.copyOf(parts);
    }

    private static Ledger productOf(Ledger whole, MatmulKind kind) {
        return only(
                whole,
                whole.layers().stream()
                        .map(group -> bare(group, Map.of(kind, group.product(kind))))
                        .toList(),
                Product.NONE,
                NOTHING_OUTSIDE);
    }

    private static LedgerPart inLayers(String name, UnaryOperator<Layers> alone) {
        return new LedgerPart(
                name, whole -> only(whole, whole.layers().stream().map(alone).toList(), Product.NONE, NOTHING_OUTSIDE));
    }

    private static LedgerPart outside(String name, UnaryOperator<Outside> alone) {
        return new LedgerPart(name, whole -> only(whole, nothing(whole), Product.NONE, alone.apply(whole.outside())));
    }

    private static List<Layers> nothing(Ledger whole) {
        return whole.layers().stream().map(group -> bare(group, Map.of())).toList();
    }

    /** The block with these products and nothing else. */
    private static Layers bare(Layers group, Map<MatmulKind, Product> products) {
        return new Layers(
                group.count(),
                products,
                group.tokens(),
                group.experts(),
                Fraction.ZERO,
                Fraction.ZERO,
                Fraction.ZERO,
                Fraction.ZERO,
                group.elements());
    }

    private static Ledger only(Ledger whole, List<Layers> layers, Product head, Outside outside) {
        List<Other> none = List.of();
        return new Ledger(layers, head, none, outside, whole.scale());
    }
}
