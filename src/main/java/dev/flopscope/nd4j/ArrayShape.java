package dev.flopscope.nd4j;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The sizes of an array, outermost first; no sizes are a number alone. */
public final class ArrayShape {
    private final long[] sizes;

    private ArrayShape(long[] sizes) {
        this.sizes = sizes;
    }

    /** The shape of an array with {@code sizes}, which are copied. */
    public static ArrayShape of(long... sizes) {
        return new ArrayShape(sizes.clone());
    }

    /** How many axes there are. */
    public int rank() {
        return sizes.length;
    }

    /**
     * The size along an axis.
     *
     * @param axis from 0; from the end, where it is negative: −1 is the last
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public long size(int axis) {
        return sizes[axis < 0 ? axis + sizes.length : axis];
    }

    /**
     * How many elements there are.
     *
     * @throws ArithmeticException if they are more than 2⁶³−1
     */
    public long length() {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayShape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** {@code 12×64×128}; {@code 1} for a number alone. */
    @Override
    public String toString() {
        return sizes.length == 0
                ? "1"
                : Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining("×"));
    }
}
