package dev.flopscope.ceiling;

import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.WeightLayout;
import java.util.function.Function;

/**
 * What multiplies, and how it wants weights to lie.
 *
 * @param matmul the port, neither counted nor timed
 * @param layout makes weights for it, in the memory it is given
 */
public record ProbedEngine(Matmul matmul, Function<MatrixAllocator, WeightLayout> layout) {
    /** An engine that reads weights row by row. */
    public static ProbedEngine rowByRow(Matmul matmul) {
        return new ProbedEngine(matmul, WeightLayout::rowByRow);
    }
}
