package dev.flopscope.flops;

import dev.flopscope.count.MatmulKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All products of one kind over a phase, in all layers: for display and for sums. What is held against counts is each site.
 *
 * @param kind the kind
 * @param layers layers that have it; 1 for the LM head
 * @param forms the different closed forms of a layer; one if all layers that have the kind are the same
 * @param flops FLOPs of all layers
 * @param shapes all shapes with their calls in all layers, the largest first
 */
public record KindAccount(MatmulKind kind, int layers, List<ProductForm> forms, long flops, List<ProductShape> shapes) {
    private static final Comparator<ProductShape> LARGEST_FIRST = Comparator.comparingLong(ProductShape::m)
            .thenComparingLong(ProductShape::k)
            .thenComparingLong(ProductShape::n)
            .reversed();

    /** Keeps copies of the lists. */
    public KindAccount {
        forms = List.copyOf(forms);
        shapes = List.copyOf(shapes);
    }

    /**
     * Adds up layers.
     *
     * @param layersByForm how many layers have each closed form, at least one; all of one kind
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    static KindAccount of(Map<ProductForm, Integer> layersByForm) {
        List<ProductForm> forms = List.copyOf(layersByForm.keySet());
        int layers = layersByForm.values().stream().mapToInt(Integer::intValue).sum();
        long flops = Exact.sum(layersByForm.entrySet().stream()
                .mapToLong(
                        entry -> Exact.product(entry.getValue(), entry.getKey().flops()))
                .toArray());
        List<ProductShape> shapes =
                forms.size() == 1 ? forms.get(0).shapesOf(layers).toList() : shapesOfDifferentForms(layersByForm);
        return new KindAccount(forms.get(0).kind(), layers, forms, flops, shapes);
    }

    private static List<ProductShape> shapesOfDifferentForms(Map<ProductForm, Integer> layersByForm) {
        Map<ProductShape, Long> calls = new HashMap<>();
        layersByForm.forEach((form, layers) ->
                form.shapesOf(layers).forEach(shape -> calls.merge(shape.withCalls(1), shape.calls(), Math::addExact)));
        return calls.entrySet().stream()
                .map(entry -> entry.getKey().withCalls(entry.getValue()))
                .sorted(LARGEST_FIRST)
                .toList();
    }

    /** Products in all layers. */
    public long calls() {
        return Exact.sum(shapes.stream().mapToLong(ProductShape::calls).toArray());
    }

    /** Compulsory traffic of all layers in bytes of float32. */
    public long compulsoryBytes() {
        return Exact.sum(
                shapes.stream().mapToLong(ProductShape::compulsoryBytes).toArray());
    }

    /** The largest shape. */
    public ProductShape largest() {
        return shapes.get(0);
    }

    /** Whether all products have one shape. */
    public boolean hasOneShape() {
        return shapes.size() == 1;
    }

    /** The closed form of a layer, where all layers that have the kind are the same. */
    public ProductForm form() {
        return forms.get(0);
    }
}
