package dev.flopscope.counter;

import static dev.flopscope.counter.ProductFormulas.multiplyAdds;

import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;

/**
 * Recurrent layers and cells: at each step every row of the input goes through all weights, so a layer has 2·rows·weights
 * FLOPs, where rows are its sequences times its steps. Steps that a mask ends early are counted.
 */
final class RecurrentFormulas {
    private RecurrentFormulas() {}

    /** A cell or layer with the rows of array {@code input}, and weights in {@code weights}, of which the first meets the input. */
    static FlopFormula through(int input, int... weights) {
        return operation -> {
            long rows = operation.input(input).length()
                    / operation.input(weights[0]).size(-2);
            long all = 0;
            for (int index : weights) {
                all = Math.addExact(all, operation.input(index).length());
            }
            return multiplyAdds(rows, all);
        };
    }

    /** An LSTM with a projection of its result where its second integer says so: weights 3, 4, and 6 for that. */
    static long projected(Operation operation) {
        return operation.integer(1, 0) == 0
                ? through(0, 3, 4).flops(operation)
                : through(0, 3, 4, 6).flops(operation);
    }

    /** A cell whose weights [in + out, …] meet the input and the last result beside each other; the input's rows are its first axis. */
    static FlopFormula besideEachOther(int... weights) {
        return operation -> {
            long all = 0;
            for (int index : weights) {
                all = Math.addExact(all, operation.input(index).length());
            }
            return multiplyAdds(operation.input(0).size(0), all);
        };
    }

    /** The layer of array 1 through weights [in + units, 4·units], array 4. */
    static long block(Operation operation) {
        ArrayShape weights = operation.input(4);
        long width = weights.size(0) - weights.size(1) / 4;
        return multiplyAdds(operation.input(1).length() / width, weights.length());
    }

    /** Simple recurrent units over [sequence, width, step], weights [3·width, width]. */
    static long simpleUnits(Operation operation) {
        return multiplyAdds(
                operation.input(0).length() / operation.input(1).size(-1),
                operation.input(1).length());
    }
}
