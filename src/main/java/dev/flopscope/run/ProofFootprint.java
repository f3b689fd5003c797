package dev.flopscope.run;

import dev.flopscope.observe.SummedWeights;
import dev.flopscope.weights.ParameterShapes;
import dev.flopscope.weights.ParameterShapes.Shape;

/** What proofs of products take of memory beside the run. */
final class ProofFootprint {
    /**
     * Numbers of eight bytes for each row or column of the largest product while one is checked: sums of the result, sums by way of
     * its operands, lengths, signs, and what was not collected yet.
     */
    private static final long ROWS_OF_A_CHECK = 8;

    /** A thread's stripe of rows and their sums, and those that were not collected yet. */
    private static final long BYTES_OF_A_THREAD = 1 << 18;

    private ProofFootprint() {}

    /**
     * Bytes, for models with weights of these shapes: sums of each weight, and those of a check.
     *
     * @param tokens rows of the largest product
     */
    static long bytes(ParameterShapes shapes, long tokens, int threads) {
        long kept = 0;
        long largest = tokens;
        for (var each : shapes.matrices().entrySet()) {
            Shape shape = each.getKey();
            long bytes = SummedWeights.bytes(shape.rows(), shape.columns());
            kept = Math.addExact(kept, Math.multiplyExact(each.getValue(), bytes));
            largest = Math.max(largest, Math.max(shape.rows(), shape.columns()));
        }
        long checks = Math.multiplyExact(ROWS_OF_A_CHECK * Double.BYTES, largest);
        return Math.addExact(kept, Math.addExact(checks, Math.multiplyExact(BYTES_OF_A_THREAD, (long) threads)));
    }
}
