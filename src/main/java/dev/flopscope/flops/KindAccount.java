package dev.flopscope.flops;

import dev.flopscope.count.MatmulKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
        long flops = 0;
        int layers = 0;
        Map<ProductShape, Long> calls = new TreeMap<>(LARGEST_FIRST);
        for (Map.Entry<ProductForm, Integer> entry : layersByForm.entrySet()) {
            int times = entry.getValue();
            layers += times;
            flops = Exact.sum(flops, Exact.product(times, entry.getKey().flops()));
            for (ProductShape shape : entry.getKey().shapes()) {
                calls.merge(shape, Exact.product(times, shape.calls()), Math::addExact);
            }
        }
        ProductForm first = layersByForm.keySet().iterator().next();
        return new KindAccount(
                first.kind(),
                layers,
                List.copyOf(layersByForm.keySet()),
                flops,
                calls.entrySet().stream()
                        .map(entry -> new ProductShape(
                                entry.getKey().m(),
                                entry.getKey().k(),
                                entry.getKey().n(),
                                entry.getValue()))
                        .toList());
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
