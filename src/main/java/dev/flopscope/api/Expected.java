package dev.flopscope.api;

import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Fraction;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * FLOPs that somebody expects: a number, or a formula over named sizes.
 *
 * @param flops how many
 * @param words where they come from, for a message
 */
public record Expected(long flops, String words) {
    /** A number. */
    public static Expected flops(long flops) {
        return new Expected(flops, Long.toString(flops));
    }

    /**
     * A formula of {@code + - * / ^}, parentheses, numbers and names, worked out exactly.
     *
     * @param formula as {@code 2*rows*in*out}
     * @param sizes what the names stand for
     * @throws IllegalArgumentException if it is no formula over these names, or no whole number from 0 to 2⁶³−1
     */
    public static Expected formula(String formula, Map<String, Long> sizes) {
        Map<String, Fraction> values = new TreeMap<>();
        sizes.forEach((name, size) -> values.put(name, Fraction.of(size)));
        Fraction value;
        try {
            value = Formula.parse(formula, List.copyOf(values.keySet())).value(values);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("\"" + formula + "\": " + e.getMessage(), e);
        }
        BigInteger flops = value.numerator();
        if (!value.isWhole() || flops.signum() < 0 || flops.bitLength() >= Long.SIZE) {
            throw new IllegalArgumentException("\"" + formula + "\" is no number of FLOPs: " + value);
        }
        String where = new TreeMap<>(sizes)
                .entrySet().stream()
                        .map(size -> size.getKey() + "=" + size.getValue())
                        .collect(Collectors.joining(", "));
        return new Expected(flops.longValueExact(), formula + (where.isEmpty() ? "" : " where " + where));
    }
}
