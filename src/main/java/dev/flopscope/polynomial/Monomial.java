package dev.flopscope.polynomial;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A product of powers of letters, such as B·T²·d or T·D/H; without letters it is 1.
 *
 * @param powers exponents by letter, none of them 0; negative where it is divided by the letter
 */
public record Monomial(Map<String, Integer> powers) implements Comparable<Monomial> {
    /** The product of no letters. */
    public static final Monomial ONE = new Monomial(Map.of());

    /** The order in which papers write the letters of a product; others come after them. */
    private static final List<String> ORDER =
            List.of("k", "B", "G", "T", "L", "D", "R_q", "R", "H", "K", "d", "d_r", "d_v", "F", "F_s", "E", "V", "N");

    private static final Comparator<String> AS_WRITTEN = Comparator.<String>comparingInt(
                    letter -> ORDER.contains(letter) ? ORDER.indexOf(letter) : ORDER.size())
            .thenComparing(Comparator.naturalOrder());

    private static final Map<Integer, String> SUPERSCRIPTS = Map.of(1, "", 2, "²", 3, "³");

    /** Keeps a copy of the map, in the order in which papers write the letters. */
    public Monomial {
        TreeMap<String, Integer> sorted = new TreeMap<>(AS_WRITTEN);
        powers.forEach((letter, power) -> {
            if (power != 0) {
                sorted.put(letter, power);
            }
        });
        powers = Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
    }

    /** The letter itself. */
    public static Monomial of(String letter) {
        return new Monomial(Map.of(letter, 1));
    }

    /** The exponent of {@code letter}, 0 if it does not occur. */
    public int power(String letter) {
        return powers.getOrDefault(letter, 0);
    }

    /** The sum of all exponents. */
    public int degree() {
        return powers.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many factors and divisors it has. */
    int length() {
        return powers.values().stream().mapToInt(Math::abs).sum();
    }

    /** The product. */
    public Monomial times(Monomial other) {
        Map<String, Integer> sum = new LinkedHashMap<>(powers);
        other.powers.forEach((letter, power) -> sum.merge(letter, power, Math::addExact));
        return new Monomial(sum);
    }

    /** The longest product that is a factor of both. */
    Monomial common(Monomial other) {
        Map<String, Integer> least = new LinkedHashMap<>();
        powers.forEach((letter, power) -> least.put(letter, Math.min(power, other.power(letter))));
        return new Monomial(least);
    }

    /** What is left of it without a factor. */
    public Monomial over(Monomial factor) {
        Map<String, Integer> rest = new LinkedHashMap<>(powers);
        factor.powers.forEach((letter, power) -> rest.merge(letter, -power, Integer::sum));
        return new Monomial(rest);
    }

    /** Without {@code letter}. */
    Monomial without(String letter) {
        Map<String, Integer> rest = new LinkedHashMap<>(powers);
        rest.remove(letter);
        return new Monomial(rest);
    }

    /**
     * Its value.
     *
     * @throws ArithmeticException if a letter has none
     */
    Fraction value(Map<String, Fraction> letters) {
        NumberArithmetic numbers = new NumberArithmetic(letters);
        Fraction product = Fraction.ONE;
        for (Map.Entry<String, Integer> power : powers.entrySet()) {
            product = product.times(numbers.letter(power.getKey()).power(power.getValue()));
        }
        return product;
    }

    /** Longer products first, then those with more of the letters that are written first. */
    @Override
    public int compareTo(Monomial other) {
        int byDegree = Integer.compare(other.degree(), degree());
        if (byDegree != 0) {
            return byDegree;
        }
        TreeSet<String> letters = new TreeSet<>(AS_WRITTEN);
        letters.addAll(powers.keySet());
        letters.addAll(other.powers.keySet());
        return letters.stream()
                .mapToInt(letter -> Integer.compare(other.power(letter), power(letter)))
                .filter(order -> order != 0)
                .findFirst()
                .orElse(0);
    }

    /** As papers write it: {@code B·T²·d}, {@code T·D/H} where it is divided. */
    @Override
    public String toString() {
        String factors = words(1);
        String divisors = words(-1);
        if (divisors.isEmpty()) {
            return factors.isEmpty() ? "1" : factors;
        }
        String quotient = divisors.contains("·") ? "/(" + divisors + ")" : "/" + divisors;
        return (factors.isEmpty() ? "1" : factors) + quotient;
    }

    private String words(int sign) {
        return powers.entrySet().stream()
                .filter(entry -> Integer.signum(entry.getValue()) == sign)
                .map(entry -> entry.getKey()
                        + SUPERSCRIPTS.getOrDefault(Math.abs(entry.getValue()), "^" + Math.abs(entry.getValue())))
                .collect(Collectors.joining("·"));
    }
}
