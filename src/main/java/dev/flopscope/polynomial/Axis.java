package dev.flopscope.polynomial;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A letter and the values that it is tried at.
 *
 * @param letter its name
 * @param values from the smallest on, at least four
 */
public record Axis(String letter, List<Integer> values) {
    /** Enough to see that a polynomial of degree 3 goes through them, or that none does. */
    private static final int VALUES = 6;

    /**
     * Keeps a copy of the list.
     *
     * @throws IllegalArgumentException if there are fewer than four values
     */
    public Axis {
        values = List.copyOf(values);
        if (values.size() < 4) {
            throw new IllegalArgumentException("too few values of " + letter + ": " + values);
        }
    }

    /** Six values from {@code first} on, {@code step} apart. */
    public static Axis of(String letter, int first, int step) {
        return new Axis(
                letter,
                IntStream.range(0, VALUES).mapToObj(i -> first + i * step).toList());
    }
}
