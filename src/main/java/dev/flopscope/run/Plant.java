package dev.flopscope.run;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;

/** Stands in the place of every product of one pass, and makes some of them wrong. It may be called from several threads at once. */
@FunctionalInterface
interface Plant {
    /** Has every product done that a backend can do, once. */
    Plant NONE = (asked, hands) -> {
        if (!(asked.result() instanceof Extents)) {
            asked.by(hands.beneath());
        }
    };

    /** Has the product done, or not, or another in its place. */
    void at(AskedProduct asked, Hands hands);

    /**
     * What a plant has at hand.
     *
     * @param beneath the products under the plant, which are sound
     * @param uncounted the backend's own products, of which nobody is told
     * @param memory where operands come from that the pass has not
     */
    record Hands(Products beneath, Products uncounted, Allocator memory) {}

    /**
     * The extents of a matrix that does not exist, however large.
     *
     * @param rows rows that it would have
     * @param columns columns that it would have
     */
    record Extents(long rows, long columns) implements Tensor {}
}
