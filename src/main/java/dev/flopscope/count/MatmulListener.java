package dev.flopscope.count;

/** Told of every product that succeeded. */
@FunctionalInterface
public interface MatmulListener {
    /**
     * Called once for each product, after it succeeded, on the thread that ran it.
     *
     * @param site where in the model it was
     * @param shape the extents read from its operands
     */
    void multiplied(MatmulSite site, MatmulShape shape);
}
