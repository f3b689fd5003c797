package dev.flopscope.polynomial;

import dev.flopscope.polynomial.Recovery.NotPolynomial;
import dev.flopscope.polynomial.Recovery.Recovered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * Recovers polynomials from values alone. Several functions of the same letters are recovered from the same points.
 *
 * <p>Two lines of points along each letter, through two points of all, tell by divided differences the degree in that letter,
 * or that there is none; and whether a whole power of the letter is a factor. What is left has few coefficients, which a system
 * of linear equations gives, exactly, from points anywhere. Every further point is a check: the function must have the
 * polynomial's value there.
 *
 * @param <K> what the functions are called by
 */
public final class Interpolation<K> {
    private static final int MOST_DEGREE = 3;
    /** Points that determine nothing and must agree. */
    private static final int CHECKS = 16;

    private static final int MOST_TERMS = 256;

    private static final long SEED = 20_260_101;

    private final List<Axis> axes;
    private final Function<Map<String, Integer>, Map<K, Fraction>> values;
    private final Map<Map<String, Integer>, Map<K, Fraction>> known = new LinkedHashMap<>();
    private final Random random = new Random(SEED);

    /**
     * Prepares a search.
     *
     * @param axes all letters that the functions may depend on
     * @param values the functions' values at a point, all of them at every point
     */
    public Interpolation(List<Axis> axes, Function<Map<String, Integer>, Map<K, Fraction>> values) {
        this.axes = List.copyOf(axes);
        this.values = values;
    }

    /** About at how many points the values will be asked for: more if there are many terms, fewer where lines meet. */
    public static int expectedPoints(List<Axis> axes) {
        return CHECKS
                + 2
                + 2 * axes.stream().mapToInt(axis -> axis.values().size() - 1).sum();
    }

    /** Where the values were asked for so far. */
    public Collection<Map<String, Integer>> points() {
        return known.keySet();
    }

    /** Recovers every function, in the order in which {@code values} has them. */
    public Map<K, Recovery> recover() {
        List<Map<String, Integer>> bases = List.of(base(1), base(4));
        Set<K> names = new LinkedHashSet<>(at(bases.get(0)).keySet());
        for (Map<String, Integer> base : bases) {
            axes.forEach(axis -> axis.values().forEach(value -> at(with(base, axis.letter(), value))));
        }
        for (int i = 0; i < CHECKS; i++) {
            at(anywhere());
        }
        Map<K, Recovery> found = new LinkedHashMap<>();
        names.forEach(name -> found.put(name, recover(name, bases)));
        return found;
    }

    /** The point of value number {@code index} of every letter. */
    private Map<String, Integer> base(int index) {
        Map<String, Integer> base = new LinkedHashMap<>();
        axes.forEach(axis -> base.put(
                axis.letter(), axis.values().get(Math.min(index, axis.values().size() - 1))));
        return base;
    }

    private static Map<String, Integer> with(Map<String, Integer> point, String letter, int value) {
        Map<String, Integer> other = new LinkedHashMap<>(point);
        other.put(letter, value);
        return other;
    }

    private Map<K, Fraction> at(Map<String, Integer> point) {
        return known.computeIfAbsent(point, values);
    }

    private Map<String, Integer> anywhere() {
        Map<String, Integer> point = new LinkedHashMap<>();
        axes.forEach(axis -> point.put(
                axis.letter(), axis.values().get(random.nextInt(axis.values().size()))));
        return point;
    }

    private Fraction value(K name, Map<String, Integer> point) {
        return Optional.ofNullable(at(point).get(name))
                .orElseThrow(() -> new IllegalStateException("no value of " + name + " at " + point));
    }

    private Recovery recover(K name, List<Map<String, Integer>> bases) {
        Map<String, Integer> factors = new HashMap<>();
        Map<String, Integer> degrees = new LinkedHashMap<>();
        for (Axis axis : axes) {
            int degree = 0;
            boolean factor = true;
            for (Map<String, Integer> base : bases) {
                Line line = line(name, base, axis);
                Optional<String> broken = line.broken(MOST_DEGREE);
                if (broken.isPresent()) {
                    return new NotPolynomial(broken.get() + others(base, axis));
                }
                factor &= line.isPower() && (degree == 0 || degree == line.degree());
                degree = Math.max(degree, line.degree());
            }
            if (degree > 0) {
                degrees.put(axis.letter(), degree);
                factors.put(axis.letter(), factor ? degree : 0);
            }
        }
        Recovery factored = solve(name, candidates(degrees, factors));
        // A factor on two lines need not be one everywhere.
        return factored instanceof Recovered ? factored : solve(name, candidates(degrees, Map.of()));
    }

    private Line line(K name, Map<String, Integer> base, Axis axis) {
        return new Line(
                axis,
                axis.values().stream()
                        .map(value -> value(name, with(base, axis.letter(), value)))
                        .toList());
    }

    private static String others(Map<String, Integer> base, Axis axis) {
        List<String> words = new ArrayList<>();
        base.forEach((letter, value) -> {
            if (!letter.equals(axis.letter())) {
                words.add(letter + " " + value);
            }
        });
        return " (" + String.join(", ", words) + ")";
    }

    /** Every product that may be a term: of each letter any power up to its degree, or just the one that is a factor. */
    private static List<Monomial> candidates(Map<String, Integer> degrees, Map<String, Integer> factors) {
        List<Monomial> all = List.of(Monomial.ONE);
        for (Map.Entry<String, Integer> degree : degrees.entrySet()) {
            List<Monomial> longer = new ArrayList<>();
            for (Monomial monomial : all) {
                int least = factors.getOrDefault(degree.getKey(), 0);
                for (int power = least; power <= degree.getValue(); power++) {
                    longer.add(monomial.times(new Monomial(Map.of(degree.getKey(), power))));
                }
            }
            all = longer;
        }
        return all;
    }

    private Recovery solve(K name, List<Monomial> candidates) {
        if (candidates.size() > MOST_TERMS) {
            return new NotPolynomial("a polynomial would have more than " + MOST_TERMS + " terms");
        }
        while (known.size() < candidates.size() + CHECKS) {
            at(anywhere());
        }
        LinearSystem system = new LinearSystem(candidates.size());
        List<Map<String, Integer>> points = new ArrayList<>(known.keySet());
        for (int i = 0; !system.isDetermined(); i++) {
            Map<String, Integer> point = i < points.size() ? points.get(i) : anywhere();
            if (!system.add(row(candidates, point), value(name, point))) {
                return broken(point);
            }
        }
        Polynomial polynomial = polynomial(candidates, system.solution());
        for (Map.Entry<Map<String, Integer>, Map<K, Fraction>> entry : known.entrySet()) {
            if (polynomial.value(fractions(entry.getKey())).compareTo(value(name, entry.getKey())) != 0) {
                return broken(entry.getKey());
            }
        }
        return new Recovered(polynomial, known.size() - candidates.size());
    }

    private static NotPolynomial broken(Map<String, Integer> point) {
        return new NotPolynomial("no polynomial of degree " + MOST_DEGREE
                + " or less in each letter gives the value at " + words(point));
    }

    private static String words(Map<String, Integer> point) {
        List<String> words = new ArrayList<>();
        point.forEach((letter, value) -> words.add(letter + " " + value));
        return String.join(", ", words);
    }

    private static List<Fraction> row(List<Monomial> candidates, Map<String, Integer> point) {
        Map<String, Fraction> letters = fractions(point);
        return candidates.stream().map(monomial -> monomial.value(letters)).toList();
    }

    private static Map<String, Fraction> fractions(Map<String, Integer> point) {
        Map<String, Fraction> letters = new HashMap<>();
        point.forEach((letter, value) -> letters.put(letter, Fraction.of(value)));
        return letters;
    }

    private static Polynomial polynomial(List<Monomial> candidates, List<Fraction> coefficients) {
        Map<Monomial, Fraction> terms = new HashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            terms.put(candidates.get(i), coefficients.get(i));
        }
        return new Polynomial(terms);
    }
}
