package dev.flopscope.claims;

import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import dev.flopscope.terms.Comparison;
import dev.flopscope.terms.ModelFamily;
import dev.flopscope.terms.Scope;
import dev.flopscope.terms.Sizes;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A claimed formula held against the true polynomial, whatever both are worth at the size that the claim is about.
 *
 * @param comparison what tells them apart, if anything does
 * @param apart a small size at which every two terms of both have different values, so that a pass executed there tells them apart
 * @param breaks the size of the fewest FLOPs at which the formula is wrong, if it is at any small one
 */
public record FormulaCheck(Comparison comparison, Optional<Size> apart, Optional<Size> breaks) {
    /** The scope of a formula that is right without conditions. */
    public static final String ALL_SIZES = "all sizes";

    /**
     * A size of the model's traits.
     *
     * @param letters its extents by their letters, those that either polynomial has
     * @param claimed what the formula gives there
     * @param actual what is true there
     * @param account the closed forms of the run to execute there
     */
    public record Size(Map<String, Integer> letters, BigDecimal claimed, BigDecimal actual, Account account) {
        /** Keeps a copy in the same order. */
        public Size {
            letters = Collections.unmodifiableMap(new LinkedHashMap<>(letters));
        }

        /** {@code T 2, D 3, F 1}: the extents of some letters. */
        public String words() {
            List<String> words = letters.entrySet().stream()
                    .map(letter -> letter.getKey() + " " + letter.getValue())
                    .toList();
            return String.join(", ", words);
        }
    }

    /** Compares a formula and finds its sizes. */
    static FormulaCheck of(Comparison comparison, ModelFamily family) {
        Sizes sizes = new Sizes(family, comparison.comparedAt());
        // A formula of one sequence is compared with the truth of one.
        return new FormulaCheck(
                comparison,
                sizes.smallWhereTermsDiffer(comparison.claimed(), comparison.actual())
                        .map(point -> size(comparison, family, point)),
                sizes.smallestWhereTheyDiffer(comparison.claimed(), comparison.actual())
                        .map(point -> size(comparison, family, point)));
    }

    private static Size size(Comparison comparison, ModelFamily family, Map<String, Integer> point) {
        return new Size(
                letters(comparison, family.letters(point)),
                value(comparison.claimed(), family.size(point)).decimal(),
                value(comparison.actual(), family.size(point)).decimal(),
                family.account(point));
    }

    /** Those that matter. */
    private static Map<String, Integer> letters(Comparison comparison, Map<String, Integer> all) {
        Map<String, Integer> letters = new LinkedHashMap<>(all);
        letters.keySet()
                .removeIf(letter -> !comparison.claimed().letters().contains(letter)
                        && !comparison.actual().letters().contains(letter));
        return letters;
    }

    private static Fraction value(Polynomial polynomial, Map<String, Fraction> letters) {
        return polynomial.value(letters);
    }

    /** Where the formula is right: {@code all sizes}, or {@code D = H·d, F = 4·D}; empty if it is so by chance or not at all. */
    public Optional<String> scope() {
        return comparison.equalAt().map(Scope::words).map(words -> words.isEmpty() ? ALL_SIZES : words);
    }

    /** The claimed formula, multiplied out. */
    public String claimed() {
        return comparison.claimed().toString();
    }

    /** The true polynomial. */
    public String actual() {
        return comparison.actual().toString();
    }

    /** How the two differ; none if they do not. */
    public List<String> differences() {
        return comparison.differences();
    }
}
