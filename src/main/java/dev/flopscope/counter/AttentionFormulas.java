package dev.flopscope.counter;

import static dev.flopscope.counter.ProductFormulas.multiplyAdds;

import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;

/** Attention as one operation. Arrays end with [width, tokens], which is the other way round than most papers have it. */
final class AttentionFormulas {
    private AttentionFormulas() {}

    /** Scores and weighted values of queries, keys and values [sequence, width, tokens] or [sequence, head, width, tokens]. */
    static long dotProduct(Operation operation) {
        ArrayShape queries = operation.input(0);
        ArrayShape values = operation.input(2);
        return Math.addExact(
                multiplyAdds(queries.length(), operation.input(1).size(-1)),
                multiplyAdds(values.length(), queries.size(-1)));
    }

    /** The same of several heads, with projections [head, width, in] of all three before it and [head·width, out] after it. */
    static long multiHead(Operation operation) {
        ArrayShape queries = operation.input(0);
        ArrayShape keys = operation.input(1);
        ArrayShape queryWeights = operation.input(3);
        long rows = Math.multiplyExact(queries.size(0), queries.size(-1));
        long keyRows = Math.multiplyExact(keys.size(0), keys.size(-1));
        long ofQueries = Math.addExact(queryWeights.length(), operation.input(6).length());
        long ofKeys =
                Math.addExact(operation.input(4).length(), operation.input(5).length());
        long widths = Math.addExact(queryWeights.size(-2), operation.input(5).size(-2));
        long scores = Math.multiplyExact(Math.multiplyExact(rows, keys.size(-1)), queryWeights.size(0));
        return Math.addExact(
                Math.addExact(multiplyAdds(rows, ofQueries), multiplyAdds(keyRows, ofKeys)),
                multiplyAdds(scores, widths));
    }
}
