package dev.flopscope.flops;

import dev.flopscope.count.MatmulKind;
import java.util.List;
import java.util.stream.Stream;

/**
 * The closed form of one product of one layer over a phase, all chunks together.
 *
 * @param kind which product
 * @param formula its FLOPs as a formula in letters
 * @param flops the formula's value, worked out from those letters, not from shapes
 * @param shapes all shapes with their calls, the largest first; mostly one. Of experts, those of rows that are spread evenly
 * @param experts of how many experts this is the sum, whose rows are known only together; 0 of a product that belongs to none
 */
public record ProductForm(MatmulKind kind, String formula, long flops, List<ProductShape> shapes, int experts) {
    /** Keeps a copy of the list. */
    public ProductForm {
        shapes = List.copyOf(shapes);
    }

    /** A product that belongs to no expert. */
    public ProductForm(MatmulKind kind, String formula, long flops, List<ProductShape> shapes) {
        this(kind, formula, flops, shapes, 0);
    }

    /** Whether rows go to experts that only a pass chooses. */
    public boolean isRouted() {
        return experts > 0;
    }

    /** Rows of all results. */
    public long rows() {
        return Exact.sum(shapes.stream()
                .mapToLong(shape -> Exact.product(shape.m(), shape.calls()))
                .toArray());
    }

    /** The shapes with the calls of so many layers, the largest first. */
    Stream<ProductShape> shapesOf(int layers) {
        return shapes.stream().map(shape -> shape.withCalls(Exact.product(layers, shape.calls())));
    }

    /** Products. */
    public long calls() {
        return Exact.sum(shapes.stream().mapToLong(ProductShape::calls).toArray());
    }

    /**
     * Compulsory traffic in bytes of float32: both operands of each product are read once, its result is written once.
     *
     * @throws ArithmeticException if the count exceeds 2⁶³−1
     */
    public long compulsoryBytes() {
        return Exact.sum(
                shapes.stream().mapToLong(ProductShape::compulsoryBytes).toArray());
    }
}
