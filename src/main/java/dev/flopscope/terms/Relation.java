package dev.flopscope.terms;

import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that is so at the size of one model and not at all sizes, such as F = 4·D.
 *
 * @param kind which relation
 * @param letter the letter that is put in terms of others
 * @param replacement what it is
 * @param words the relation as a person writes it
 * @param deliberate whether a formula that leans on it leaves a letter out, as 24·D² does for F = 4·D, or puts one name to a
 *     product, as D to H·d; one that names both sides and holds by their ratio alone has mixed them up
 */
public record Relation(Kind kind, String letter, Polynomial replacement, String words, boolean deliberate) {
    /** The relations that formulas lean on. */
    public enum Kind {
        /** H = g·K. */
        HEADS,
        /** D = H·d. */
        WIDTH,
        /** F = r·D. */
        FEED_FORWARD
    }

    private static final Polynomial D = Polynomial.letter("D");
    private static final Polynomial H = Polynomial.letter("H");
    private static final Polynomial SMALL_D = Polynomial.letter("d");

    /**
     * The relations of a size, each solved for a letter that {@code used} lacks where there is one. Applied one after the other,
     * as often as there are relations, they leave none of the letters that they are solved for.
     *
     * @param size extents by their letters
     * @param used the letters of a formula
     */
    static List<Relation> of(Map<String, Fraction> size, Set<String> used) {
        List<Relation> relations = new ArrayList<>();
        relations.add(heads(size, used));
        width(size, used).ifPresent(relations::add);
        boolean widthIsFree = relations.stream().noneMatch(relation -> relation.letter.equals("D"));
        relations.add(feedForward(size, used, widthIsFree));
        return relations;
    }

    /** H = g·K, mostly H = K. */
    private static Relation heads(Map<String, Fraction> size, Set<String> used) {
        Fraction shared = extent(size, "H").over(extent(size, "K"));
        String words = "H = " + Polynomial.letter("K").times(shared);
        boolean deliberate = !used.contains("H") || !used.contains("K");
        return used.contains("K") && !used.contains("H")
                ? new Relation(Kind.HEADS, "H", Polynomial.letter("K").times(shared), words, deliberate)
                : new Relation(Kind.HEADS, "K", H.times(Fraction.ONE.over(shared)), words, deliberate);
    }

    /** D = H·d. */
    private static Optional<Relation> width(Map<String, Fraction> size, Set<String> used) {
        if (extent(size, "H").times(extent(size, "d")).compareTo(extent(size, "D")) != 0) {
            return Optional.empty();
        }
        String words = "D = H·d";
        if (!used.contains("d")) {
            return Optional.of(new Relation(Kind.WIDTH, "d", D.times(H.inverse()), words, true));
        }
        boolean headsAreFree = !used.contains("H") && !used.contains("K");
        return Optional.of(
                headsAreFree && used.contains("D")
                        ? new Relation(Kind.WIDTH, "H", D.times(SMALL_D.inverse()), words, true)
                        : new Relation(Kind.WIDTH, "D", H.times(SMALL_D), words, true));
    }

    /** F = r·D. */
    private static Relation feedForward(Map<String, Fraction> size, Set<String> used, boolean widthIsFree) {
        Fraction ratio = extent(size, "F").over(extent(size, "D"));
        Polynomial wide = D.times(ratio);
        boolean deliberate = !used.contains("F") || !used.contains("D");
        return used.contains("F") && !used.contains("D") && widthIsFree
                ? new Relation(
                        Kind.FEED_FORWARD,
                        "D",
                        Polynomial.letter("F").times(Fraction.ONE.over(ratio)),
                        "F = " + wide,
                        deliberate)
                : new Relation(Kind.FEED_FORWARD, "F", wide, "F = " + wide, deliberate);
    }

    private static Fraction extent(Map<String, Fraction> size, String letter) {
        return Optional.ofNullable(size.get(letter))
                .orElseThrow(() -> new IllegalArgumentException("no value of " + letter + ": " + size));
    }
}
