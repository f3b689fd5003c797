package dev.flopscope.flops;

import dev.flopscope.count.MatmulKind;
import java.util.List;

/**
 * The closed form of one kind of product over a whole pass.
 *
 * @param kind the kind
 * @param layers layers that have it; 1 for the LM head
 * @param callsPerLayer products in one layer
 * @param m rows of one product; where tiles differ in shape, of the largest
 * @param k the extent it sums over
 * @param n columns of one product
 * @param form the formula of one layer in the letters B, T, D, H, K, d, F, V
 * @param flopsPerLayer its value: FLOPs of one layer, worked out from those letters, not from m, k and n
 * @param shapes all shapes with their calls in one layer, the largest first; mostly one
 */
public record KindAccount(
        MatmulKind kind,
        int layers,
        long callsPerLayer,
        long m,
        long k,
        long n,
        String form,
        long flopsPerLayer,
        List<ProductShape> shapes) {
    /** Keeps a copy of the list. */
    public KindAccount {
        shapes = List.copyOf(shapes);
    }

    /** A kind whose products all have one shape. */
    public KindAccount(
            MatmulKind kind, int layers, long callsPerLayer, long m, long k, long n, String form, long flopsPerLayer) {
        this(
                kind,
                layers,
                callsPerLayer,
                m,
                k,
                n,
                form,
                flopsPerLayer,
                List.of(new ProductShape(m, k, n, callsPerLayer)));
    }

    /** Products in the whole pass. */
    public long calls() {
        return Math.multiplyExact(layers, callsPerLayer);
    }

    /**
     * FLOPs of the whole pass.
     *
     * @throws ArithmeticException if the count exceeds 2⁶³−1
     */
    public long flops() {
        return Math.multiplyExact(layers, flopsPerLayer);
    }

    /**
     * Bytes that the products of the whole pass move at the least: both operands once in and the result once out, in
     * float32.
     *
     * @throws ArithmeticException if the count exceeds 2⁶³−1
     */
    public long leastBytes() {
        long ofOneLayer =
                Exact.sum(shapes.stream().mapToLong(ProductShape::leastBytes).toArray());
        return Math.multiplyExact(layers, ofOneLayer);
    }

    /** Whether all products have one shape. */
    public boolean hasOneShape() {
        return shapes.size() == 1;
    }

    /** {@code 1024×64×1024}: the extents (m×k)·(k×n) of one product, the largest where they differ. */
    public String shape() {
        return m + "×" + k + "×" + n;
    }
}
