package dev.flopscope.counter;

import dev.flopscope.nd4j.Operation;

/** How many FLOPs an operation has, as the shapes of its arrays and its arguments say. A multiply-add is two. */
@FunctionalInterface
public interface FlopFormula {
    /**
     * FLOPs of one execution.
     *
     * @throws ArithmeticException if they exceed 2⁶³−1
     * @throws IndexOutOfBoundsException if the operation has fewer arrays or axes than the formula needs
     */
    long flops(Operation operation);
}
