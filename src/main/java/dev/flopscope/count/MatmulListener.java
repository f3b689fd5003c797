package dev.flopscope.count;

/** Told of every product that succeeded. */
@FunctionalInterface
public interface MatmulListener {
    /**
     * Called after products succeeded, on the thread that ran them: once for each product, or once for a batch of them.
     *
     * @param site where in the model they were
     * @param shape the extents of each, read from its operands
     * @param batch how many products of that shape one call of a library computed, at least 1
     */
    void multiplied(MatmulSite site, MatmulShape shape, long batch);
}
