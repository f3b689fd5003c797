package dev.flopscope.profile;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.machine.ShapeClass;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Products held against what the machine reaches.
 *
 * <p>Where shapes differ, ceilings are taken shape by shape, as the time that each shape's FLOPs need at its own.
 *
 * @param products the products and their time
 * @param shapeClasses the classes of their shapes
 * @param ceilingGflopsPerSecond what to expect of them
 * @param bestCeilingGflopsPerSecond what they cannot exceed
 * @param rooflineGflopsPerSecond what the roofline allows at their intensity
 * @param bound what limits the roofline at their intensity
 */
public record Hotspot(
        Products products,
        SortedSet<ShapeClass> shapeClasses,
        double ceilingGflopsPerSecond,
        double bestCeilingGflopsPerSecond,
        double rooflineGflopsPerSecond,
        Bound bound) {
    private static final double NANOSECONDS = 1e9;

    /** What limits a product that runs as fast as the roofline allows. */
    public enum Bound {
        /** The units that multiply and add. */
        COMPUTE("compute"),
        /** The way to memory. */
        MEMORY("memory"),
        /** The way to the caches, of which nothing was measured. */
        CACHES("caches");

        private final String label;

        Bound(String label) {
            this.label = label;
        }

        /** The name in tables and JSON. */
        public String label() {
            return label;
        }
    }

    /** Holds {@code products} against {@code limits}. */
    static Hotspot of(Products products, Limits limits) {
        double ceiling = 0;
        double best = 0;
        double roofline = 0;
        for (Map.Entry<MatmulShape, Long> entry :
                products.count().callsByShape().entrySet()) {
            MatmulShape shape = entry.getKey();
            double flops = (double) shape.flops() * entry.getValue();
            ceiling += flops / limits.expected(shape);
            best += flops / limits.best(shape);
            roofline += flops / limits.roofline(shape);
        }
        double flops = products.flops();
        return new Hotspot(
                products,
                products.count().callsByShape().keySet().stream()
                        .map(shape -> ShapeClass.of(shape.m(), shape.k(), shape.n()))
                        .collect(Collectors.toCollection(TreeSet::new)),
                flops / ceiling,
                flops / best,
                flops / roofline,
                limits.bound(products.intensity()));
    }

    /** The classes of its shapes, joined by a plus sign. */
    public String classes() {
        return shapeClasses.stream().map(ShapeClass::label).collect(Collectors.joining("+"));
    }

    /** Median seconds inside the products. */
    public double seconds() {
        return products.time().median() / NANOSECONDS;
    }

    /** Seconds beyond what their ceiling allows: what there is to gain. Below 0 where they were faster. */
    public double excessSeconds() {
        return (products.time().median() - products.flops() / ceilingGflopsPerSecond) / NANOSECONDS;
    }

    /** Part of what the roofline allows that is reached. */
    public double rooflineShare() {
        return products.gflopsPerSecond() / rooflineGflopsPerSecond;
    }

    /** Whether the products seem faster than they can be by the best that was measured: then one of the two is wrong. */
    public boolean aboveCeiling() {
        return products.gflopsPerSecond() > bestCeilingGflopsPerSecond;
    }
}
