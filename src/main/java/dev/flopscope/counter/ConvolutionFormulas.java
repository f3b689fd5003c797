package dev.flopscope.counter;

import static dev.flopscope.counter.ProductFormulas.last;
import static dev.flopscope.counter.ProductFormulas.multiplyAdds;

import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;

/**
 * Convolutions, as products: each element of the result sums over a whole kernel, padding included, as PyTorch's flop counter
 * has it. One integer says how weights are laid out: 0 for [kernel…, in, out], 1 for [out, in, kernel…], 2 for
 * [out, kernel…, in].
 */
final class ConvolutionFormulas {
    private ConvolutionFormulas() {}

    /** A convolution whose integer {@code layout} says how its weights are laid out. */
    static FlopFormula convolution(int layout) {
        return operation -> forward(operation, operation.output(0), layout);
    }

    /** Its gradients by input and by weights. */
    static FlopFormula gradient(int layout) {
        return operation -> Math.multiplyExact(2, forward(operation, last(operation), layout));
    }

    private static long forward(Operation operation, ArrayShape result, int layout) {
        ArrayShape weights = operation.input(1);
        return multiplyAdds(result.length(), weights.length() / outer(weights, operation.integer(layout, 0)));
    }

    /** A transposed convolution: each element of the input goes through a whole kernel. */
    static FlopFormula transposed(int layout) {
        return operation -> {
            ArrayShape weights = operation.input(1);
            return multiplyAdds(
                    operation.input(0).length(), weights.length() / outer(weights, operation.integer(layout, 0)));
        };
    }

    /** Its gradients by input and by weights. */
    static FlopFormula transposedGradient(int layout) {
        FlopFormula forward = transposed(layout);
        return operation -> Math.multiplyExact(2, forward.flops(operation));
    }

    /** The gradient of a convolution by its input, of weights [kernel…, in, out] and the gradient of its result. */
    static long byInput(Operation operation) {
        ArrayShape weights = operation.input(1);
        return multiplyAdds(operation.input(2).length(), weights.length() / outer(weights, operation.integer(10, 0)));
    }

    /** A convolution of each channel alone; the weights' channels are [in, multiplier] where others have [in, out]. */
    static long depthwise(Operation operation) {
        return multiplyAdds(operation.output(0).length(), kernel(operation, 1));
    }

    /** Its gradients by input and by weights. */
    static long depthwiseGradient(Operation operation) {
        return Math.multiplyExact(2, multiplyAdds(last(operation).length(), kernel(operation, 1)));
    }

    /** A convolution of each channel alone and, if there are weights for it, one with kernels of 1×1 after it. */
    static long separable(Operation operation) {
        return separable(operation, operation.output(0), 1);
    }

    /** Its gradients by input and by weights; the gradient of its result stands before the weights. */
    static long separableGradient(Operation operation) {
        return Math.multiplyExact(2, separable(operation, operation.input(1), 2));
    }

    /** An array of rank 4 after the first weights holds those with kernels of 1×1; a bias has a lower rank. */
    private static long separable(Operation operation, ArrayShape result, int weights) {
        int next = weights + 1;
        if (operation.inputs().size() <= next
                || operation.input(next).rank() < operation.input(weights).rank()) {
            return multiplyAdds(result.length(), kernel(operation, weights));
        }
        long channels = channels(operation, weights);
        long pixels = result.length() / outer(operation.input(next), operation.integer(10, 0));
        return Math.addExact(
                multiplyAdds(Math.multiplyExact(pixels, channels), kernel(operation, weights)),
                multiplyAdds(result.length(), channels));
    }

    /** Elements of a kernel: all weights but the axes of channels. */
    private static long kernel(Operation operation, int weights) {
        return operation.input(weights).length() / channels(operation, weights);
    }

    private static long channels(Operation operation, int weights) {
        ArrayShape shape = operation.input(weights);
        return switch ((int) operation.integer(10, 0)) {
            case 1 -> shape.size(0) * shape.size(1);
            case 2 -> shape.size(0) * shape.size(-1);
            default -> shape.size(-1) * shape.size(-2);
        };
    }

    private static long outer(ArrayShape weights, long layout) {
        return weights.size(layout == 0 ? -1 : 0);
    }
}
