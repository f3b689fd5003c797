package dev.flopscope.machine;

import java.util.List;
import java.util.Locale;

/**
 * What this machine reaches with a number of threads, measured here and now. No figure comes from a data sheet.
 *
 * @param threads how many threads
 * @param loop which loop of multiply-adds was measured
 * @param fusedMultiplyAdd GFLOP/s of multiply-adds that need no memory; where the processor has no fused ones, of multiplies
 *     and adds
 * @param memory bandwidth
 * @param products GFLOP/s of products, one entry for each {@link ShapeClass}
 */
public record Ceilings(
        int threads,
        MultiplyAddLoop loop,
        Rate fusedMultiplyAdd,
        MemoryBandwidth memory,
        List<ProductCeiling> products) {
    private static final double GIGA = 1e9;

    /**
     * Keeps a copy and checks that it is complete.
     *
     * @throws IllegalArgumentException if {@code products} has not each class once
     */
    public Ceilings {
        products = List.copyOf(products);
        for (ShapeClass shapeClass : ShapeClass.values()) {
            if (products.stream()
                            .filter(product -> product.shapeClass() == shapeClass)
                            .count()
                    != 1) {
                throw new IllegalArgumentException("products must have one entry for " + shapeClass.label());
            }
        }
    }

    /**
     * The faster of two measurements, rate by rate: a machine that others use is slow for a while, and what it reaches is a
     * ceiling only if nothing measured beside it can be faster.
     *
     * @throws IllegalArgumentException if {@code other} is for another number of threads
     */
    public Ceilings faster(Ceilings other) {
        if (other.threads != threads) {
            throw new IllegalArgumentException("ceilings of " + threads + " and of " + other.threads + " threads");
        }
        return new Ceilings(
                threads,
                loop,
                fusedMultiplyAdd.faster(other.fusedMultiplyAdd),
                memory.faster(other.memory),
                products.stream()
                        .map(product -> product.faster(other.productCeiling(product.shapeClass())))
                        .toList());
    }

    /**
     * The most GFLOP/s that anything reached: the fastest sample of the multiply-adds or of any product. A product can beat
     * the Java loop; where it beats another, that is one of the {@link #measurementErrors}.
     */
    public Peak computePeak() {
        Peak peak = new Peak(fusedMultiplyAdd.best(), "multiply-adds, " + loop.label());
        for (ProductCeiling product : products) {
            peak = peak.higher(new Peak(product.gflopsPerSecond().best(), name(product)));
        }
        return peak;
    }

    /** A line for each class of products that seems faster than multiply-adds can be. */
    public List<String> measurementErrors() {
        return products.stream()
                .filter(product -> loop.isBound() && product.gflopsPerSecond().best() > fusedMultiplyAdd.best())
                .map(product -> String.format(
                        Locale.ROOT,
                        "%s products reached %,.1f GFLOP/s with %,d threads, and multiply-adds alone %,.1f: the machine was"
                                + " slower when these were measured.",
                        product.shapeClass().label(),
                        product.gflopsPerSecond().best(),
                        threads,
                        fusedMultiplyAdd.best()))
                .toList();
    }

    /**
     * The most bytes a second that anything moved: the fastest sample of reading, writing, the triad, or the vector
     * product, whose weights come from memory as the arrays do. It may be more than reading alone, and its source says why:
     * the triad keeps both directions busy, and the kernel of a library may have more reads under way than a loop of copies.
     */
    public Peak memoryPeak() {
        ProductCeiling vector = productCeiling(ShapeClass.VECTOR);
        return new Peak(memory.read().best(), "read")
                .higher(new Peak(memory.write().best(), "write"))
                .higher(new Peak(memory.triad().best(), "triad"))
                .higher(new Peak(vector.bestBytesPerSecond(), name(vector)));
    }

    /** Bytes a second to expect of products that wait for memory: what the middle sample of the vector product moved. */
    public double expectedBytesPerSecond() {
        return productCeiling(ShapeClass.VECTOR).medianBytesPerSecond();
    }

    /**
     * The roofline (Williams et al. 2009): GFLOP/s that work of this arithmetic intensity cannot exceed as long as its
     * bytes come from memory. What stays in the caches may exceed the slope, but never the flat part.
     *
     * @param flopsPerByte FLOPs for each byte moved, positive
     * @return the lower of compute, and intensity times bandwidth
     * @throws IllegalArgumentException if {@code flopsPerByte} is not positive
     */
    public double roofline(double flopsPerByte) {
        if (!(flopsPerByte > 0)) {
            throw new IllegalArgumentException("intensity must be positive: " + flopsPerByte);
        }
        return Math.min(computePeak().value(), flopsPerByte * memoryPeak().value() / GIGA);
    }

    /** FLOPs a byte from which on compute is the limit, and below which memory is. */
    public double balance() {
        return computePeak().value() * GIGA / memoryPeak().value();
    }

    /**
     * What the class of an (m×k)·(k×n) product reaches.
     *
     * <p>Skinny and vector products are measured with weights that come from memory; one whose operands are in the caches
     * may be faster. Attention's tiles are measured in the caches, each on one thread.
     *
     * @throws IllegalArgumentException if an extent is less than 1
     */
    public ProductCeiling productCeiling(long m, long k, long n) {
        return productCeiling(ShapeClass.of(m, k, n));
    }

    /** What a class reaches. */
    public ProductCeiling productCeiling(ShapeClass shapeClass) {
        return products.stream()
                .filter(product -> product.shapeClass() == shapeClass)
                .findFirst()
                .orElseThrow();
    }

    private static String name(ProductCeiling product) {
        return product.shapeClass().label() + " product";
    }
}
