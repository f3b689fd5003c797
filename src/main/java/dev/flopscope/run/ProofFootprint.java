package dev.flopscope.run;

import dev.flopscope.observe.ProvenProducts;
import dev.flopscope.observe.SummedWeights;
import dev.flopscope.weights.ParameterShapes;
import dev.flopscope.weights.ParameterShapes.Shape;

/** What proofs of products take of memory beside the run. */
final class ProofFootprint {
    /**
     * Numbers of eight bytes for each row or column of the largest product while one is checked: signs, factors, and what was
     * not collected yet.
     */
    private static final long ROWS_OF_A_CHECK = 8;

    /** A thread's rows and their sums. */
    private static final long BYTES_OF_A_THREAD = 1 << 18;

    /** Sums of right operands that are no weights, where a tile has 256 keys, and those that were not collected yet. */
    private static final long BYTES_OF_RIGHT_HANDS = 12 << 20;

    /** What the entries of one sum have: their sum in the result, that by way of the operands, and a length. */
    private static final long BYTES_OF_A_SUM = 3 * Double.BYTES;

    private ProofFootprint() {}

    /**
     * Bytes, for models with weights of these shapes: sums of each weight, and those of a check.
     *
     * @param tokens rows of the largest product
     */
    static long bytes(ParameterShapes shapes, long tokens, int threads) {
        long kept = 0;
        long largest = tokens;
        long widest = 1;
        for (var each : shapes.matrices().entrySet()) {
            Shape shape = each.getKey();
            long bytes = SummedWeights.bytes(shape.rows(), shape.columns());
            kept = Math.addExact(kept, Math.multiplyExact(each.getValue(), bytes));
            largest = Math.max(largest, Math.max(shape.rows(), shape.columns()));
            widest = Math.max(widest, shape.rows());
        }
        long checks = Math.multiplyExact(ROWS_OF_A_CHECK * Double.BYTES, largest);
        long sums = Math.multiplyExact(tokens, widest) / ProvenProducts.ENTRIES_IN_SUM * BYTES_OF_A_SUM;
        long reading = Math.addExact(BYTES_OF_RIGHT_HANDS, Math.multiplyExact(BYTES_OF_A_THREAD, (long) threads));
        return Math.addExact(Math.addExact(kept, checks), Math.addExact(sums, reading));
    }
}
