package dev.flopscope.nd4j;

import java.util.List;

/**
 * One execution of an operation, as far as its FLOPs may depend on it.
 *
 * @param name ND4J's name of a custom operation, as {@code matmul}; with {@code reduce.}, {@code blas.}, {@code lapack.},
 *     {@code aggregate.} or {@code graph.} before it where it came another way
 * @param inputs the shapes of the arrays that it read, in its order
 * @param outputs the shapes of the arrays that it wrote
 * @param integers its integer arguments, in its order
 */
public record Operation(String name, List<ArrayShape> inputs, List<ArrayShape> outputs, List<Long> integers) {
    /** Keeps copies. */
    public Operation {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        integers = List.copyOf(integers);
    }

    /**
     * The shape of an input.
     *
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public ArrayShape input(int index) {
        return inputs.get(index);
    }

    /**
     * The shape of an output.
     *
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public ArrayShape output(int index) {
        return outputs.get(index);
    }

    /** An integer argument, or {@code otherwise} where fewer were given. */
    public long integer(int index, long otherwise) {
        return index < integers.size() ? integers.get(index) : otherwise;
    }
}
