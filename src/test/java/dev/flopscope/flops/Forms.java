package dev.flopscope.flops;

import dev.flopscope.count.MatmulKind;
import java.util.List;

/** Closed forms of a kind, as they are worked out by hand. */
final class Forms {
    private Forms() {}

    /** A kind whose products all have one shape, in {@code layers} layers that are the same. */
    static KindAccount kind(
            MatmulKind kind, int layers, long calls, long m, long k, long n, String formula, long flopsOfLayer) {
        return kind(kind, layers, formula, flopsOfLayer, List.of(new ProductShape(m, k, n, calls)));
    }

    /** A kind with these shapes in each of {@code layers} layers. */
    static KindAccount kind(
            MatmulKind kind, int layers, String formula, long flopsOfLayer, List<ProductShape> shapesOfLayer) {
        return new KindAccount(
                kind,
                layers,
                List.of(new ProductForm(kind, formula, flopsOfLayer, shapesOfLayer)),
                layers * flopsOfLayer,
                shapesOfLayer.stream()
                        .map(shape -> new ProductShape(shape.m(), shape.k(), shape.n(), layers * shape.calls()))
                        .toList());
    }

    /** FLOPs of the one closed form that all layers with {@code kind} have. */
    static long ofLayer(Account account, MatmulKind kind) {
        KindAccount found = account.prefill().kind(kind).orElseThrow();
        if (found.forms().size() != 1) {
            throw new IllegalStateException("layers differ: " + found);
        }
        return found.form().flops();
    }
}
