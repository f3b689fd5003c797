package dev.flopscope.counter;

import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;

/** Operations that are products, or products and little else. */
final class ProductFormulas {
    private ProductFormulas() {}

    /**
     * Products of matrices, of stacks of them, and of vectors: 2·k for each element of the result.
     *
     * <p>The first of three integers says whether the left operand is transposed; k is its last extent, or the one before.
     */
    static long matmul(Operation operation) {
        return multiplyAdds(operation.output(0).length(), summed(operation));
    }

    /** Both gradients of a product: 2·k for each element of the result's gradient, twice. */
    static long matmulGradient(Operation operation) {
        return Math.multiplyExact(2, multiplyAdds(last(operation).length(), summed(operation)));
    }

    private static long summed(Operation operation) {
        ArrayShape left = operation.input(0);
        boolean transposed = operation.integer(0, 0) != 0;
        return left.rank() == 0 ? 1 : left.size(left.rank() > 1 && transposed ? -2 : -1);
    }

    /** Products over any axes, which its integers list: how many of the left operand, then these. */
    static long tensordot(Operation operation) {
        return multiplyAdds(operation.output(0).length(), contracted(operation));
    }

    /** Both gradients of {@link #tensordot}. */
    static long tensordotGradient(Operation operation) {
        return Math.multiplyExact(2, multiplyAdds(last(operation).length(), contracted(operation)));
    }

    private static long contracted(Operation operation) {
        long axes = operation.integer(0, 0);
        long product = 1;
        for (int i = 1; i <= axes; i++) {
            product = Math.multiplyExact(product, operation.input(0).size(Math.toIntExact(operation.integer(i, 0))));
        }
        return product;
    }

    /** x·W + b: the product alone, whatever follows it. */
    static long affine(Operation operation) {
        return multiplyAdds(operation.output(0).length(), operation.input(0).size(-1));
    }

    /** The gradients of {@link #affine} by x and by W. */
    static long affineGradient(Operation operation) {
        return Math.multiplyExact(
                2, multiplyAdds(last(operation).length(), operation.input(0).size(-1)));
    }

    /** Many products of one shape; integers: transposed left and right, m, n, k, three strides, how many. */
    static long batchedGemm(Operation operation) {
        long result = Math.multiplyExact(
                operation.integers().get(2), operation.integers().get(3));
        return multiplyAdds(
                Math.multiplyExact(result, operation.integers().get(8)),
                operation.integers().get(4));
    }

    /** Inner products of vectors, as a reduction; the one integer says whether each is multiplied with each. */
    static long dotReduction(Operation operation) {
        long others = operation.integer(0, 0) == 0 ? 1 : operation.output(0).size(-1);
        return multiplyAdds(operation.input(0).length(), others);
    }

    /** BLAS's inner product; its one integer is the length. */
    static long blasDot(Operation operation) {
        return multiplyAdds(operation.integers().get(0), 1);
    }

    /** BLAS's outer product, added to a matrix, which is the last array. */
    static long blasGer(Operation operation) {
        return multiplyAdds(last(operation).length(), 1);
    }

    /** BLAS's product with a symmetric matrix, which is the first array; the last is the result. */
    static long blasSymm(Operation operation) {
        return multiplyAdds(last(operation).length(), operation.input(0).size(0));
    }

    /** The last array that an operation read: the gradient of the result, where it is one of a backward pass. */
    static ArrayShape last(Operation operation) {
        return operation.input(operation.inputs().size() - 1);
    }

    /** 2·results·k: FLOPs of {@code results} sums of {@code k} products. */
    static long multiplyAdds(long results, long k) {
        return Math.multiplyExact(2, Math.multiplyExact(results, k));
    }
}
