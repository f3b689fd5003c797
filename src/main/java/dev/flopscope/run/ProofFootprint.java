package dev.flopscope.run;

import dev.flopscope.observe.SummedWeights;
import dev.flopscope.weights.ParameterShapes;
import dev.flopscope.weights.ParameterShapes.Shape;

/** What proofs of products take of memory beside the run. */
final class ProofFootprint {
    /**
     * Numbers of eight bytes for each column of the widest product while one is checked: sums of the result, sums by way of its
     * operands, the row in between, and what was not collected yet.
     */
    private static final long ROWS_OF_A_CHECK = 8;

    /** A thread's stripe of rows and their sums, and those that were not collected yet. */
    private static final long BYTES_OF_A_THREAD = 1 << 18;

    private ProofFootprint() {}

    /**
     * Bytes, for models with weights of these shapes: sums of each weight (n, k), n + k numbers, and rows of the checks, of which
     * there is a pair for each shape.
     */
    static long bytes(ParameterShapes shapes, int threads) {
        long kept = 0;
        long widest = 0;
        for (var each : shapes.matrices().entrySet()) {
            Shape shape = each.getKey();
            long extents = Math.addExact(shape.rows(), shape.columns());
            kept = Math.addExact(
                    kept, Math.multiplyExact(SummedWeights.BYTES, Math.multiplyExact(each.getValue(), extents)));
            kept = Math.addExact(kept, Math.multiplyExact((long) Float.BYTES, extents));
            widest = Math.max(widest, Math.max(shape.rows(), shape.columns()));
        }
        long checks = Math.multiplyExact(ROWS_OF_A_CHECK * Double.BYTES, widest);
        return Math.addExact(kept, Math.addExact(checks, Math.multiplyExact(BYTES_OF_A_THREAD, (long) threads)));
    }
}
