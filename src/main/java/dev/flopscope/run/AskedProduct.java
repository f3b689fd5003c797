package dev.flopscope.run;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import java.util.Optional;

/**
 * A product as a pass asks for it.
 *
 * @param site where in the model it is
 * @param left its left operand
 * @param right its right operand
 * @param rightIs how the right operand is read; empty for a parameter, which a backend reads as it has laid it out
 * @param result what it overwrites
 */
record AskedProduct(MatmulSite site, Tensor left, Tensor right, Optional<Right> rightIs, Tensor result) {
    /** The same product with another right operand. */
    AskedProduct with(Tensor other) {
        return new AskedProduct(site, left, other, rightIs, result);
    }

    /** The same product into another result. */
    AskedProduct into(Tensor other) {
        return new AskedProduct(site, left, right, rightIs, other);
    }

    /** The same product of a right operand that is read in another way. */
    AskedProduct reading(Right other) {
        return new AskedProduct(site, left, right, Optional.of(other), result);
    }

    /** Has {@code products} do it. */
    void by(Products products) {
        if (rightIs.isPresent()) {
            products.multiply(site, left, right, rightIs.get(), result);
        } else {
            products.project(site, left, right, result);
        }
    }
}
