package dev.flopscope.terms;

import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import java.math.BigInteger;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The sizes at which two polynomials are compared: all, or those at which some relations hold and some letters have the numbers
 * that they have in the model at hand.
 *
 * @param relations what holds
 * @param fixed letters with one value
 */
public record Scope(List<Relation> relations, Map<String, Fraction> fixed) {
    /** All sizes. */
    public static final Scope ALL = new Scope(List.of(), Map.of());

    /** Keeps copies. */
    public Scope {
        relations = List.copyOf(relations);
        fixed = Collections.unmodifiableMap(new TreeMap<>(fixed));
    }

    /** Every set of {@code relations}, those of fewest first. */
    static List<Scope> of(List<Relation> relations) {
        List<Scope> scopes = new ArrayList<>();
        for (int set = 0; set < 1 << relations.size(); set++) {
            List<Relation> chosen = new ArrayList<>();
            for (int i = 0; i < relations.size(); i++) {
                if (BigInteger.valueOf(set).testBit(i)) {
                    chosen.add(relations.get(i));
                }
            }
            scopes.add(new Scope(chosen, Map.of()));
        }
        scopes.sort(Comparator.comparingInt(scope -> scope.relations.size()));
        return scopes;
    }

    /** The same with numbers for {@code letters}. */
    Scope fixing(Set<String> letters, Map<String, Fraction> size) {
        Map<String, Fraction> more = new TreeMap<>(fixed);
        letters.stream().filter(size::containsKey).forEach(letter -> more.put(letter, size.get(letter)));
        return new Scope(relations, more);
    }

    /** A polynomial at these sizes, in the letters that are left. */
    public Polynomial at(Polynomial polynomial) {
        Polynomial replaced = polynomial;
        for (int times = 0; times < relations.size(); times++) {
            for (Relation relation : relations) {
                replaced = replaced.with(relation.letter(), relation.replacement());
            }
        }
        for (Map.Entry<String, Fraction> letter : fixed.entrySet()) {
            replaced = replaced.with(letter.getKey(), Polynomial.of(letter.getValue()));
        }
        return replaced;
    }

    /** Whether a size must have a relation. */
    boolean has(Relation.Kind kind) {
        return relations.stream().anyMatch(relation -> relation.kind() == kind);
    }

    /** How many conditions a size must meet. */
    int conditions() {
        return relations.size() + fixed.size();
    }

    /** Whether no letter that a formula names is taken for another. */
    boolean isDeliberate() {
        return relations.stream().allMatch(Relation::deliberate);
    }

    /** {@code D = H·d, F = 4·D, V = 50,257}; empty for all sizes. */
    public String words() {
        List<String> words =
                new ArrayList<>(relations.stream().map(Relation::words).toList());
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        fixed.forEach(
                (letter, number) -> words.add((letter.equals(ModelFamily.CONTEXT_LENGTH) ? "context_length" : letter)
                        + " = " + format.format(number.decimal())));
        return String.join(", ", words);
    }
}
