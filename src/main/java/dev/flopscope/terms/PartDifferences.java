package dev.flopscope.terms;

import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import dev.flopscope.terms.PartGroups.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Explanations by the parts of a quantity: one or two of them are missing, counted otherwise, of another degree in a letter, or
 * have one letter for another.
 */
final class PartDifferences {
    /** Of which multiples a second mistake may leave the first part; with any, every two parts would explain something. */
    private static final List<Fraction> MULTIPLES =
            List.of(Fraction.ZERO, Fraction.of(2), Fraction.ONE.over(2), Fraction.of(3));

    private final Polynomial difference;
    private final List<Group> groups;

    PartDifferences(Polynomial claimed, Polynomial actual, Map<String, Polynomial> parts) {
        this.difference = claimed.minus(actual);
        this.groups = PartGroups.of(parts);
    }

    /** Everything that explains the whole difference. */
    List<Difference> all() {
        List<Difference> all = new ArrayList<>();
        for (Group group : groups) {
            onePart(difference, group).ifPresent(all::add);
            otherLetter(group).ifPresent(all::add);
        }
        if (all.stream().noneMatch(difference -> difference.cost() < 2 * Difference.ONE_PART)) {
            twoParts(all);
        }
        return all;
    }

    /** Those of one part, or of parts that belong together, by a factor that somebody may have taken: the cheapest. */
    List<String> simple() {
        List<Difference> all = groups.stream()
                .map(group -> onePart(difference, group))
                .flatMap(Optional::stream)
                .filter(difference -> difference.cost() < Difference.ONE_PART + Difference.OF_TERMS)
                .toList();
        int least = all.stream().mapToInt(Difference::cost).min().orElse(0);
        return all.stream()
                .filter(difference -> difference.cost() == least)
                .flatMap(difference -> difference.sentences().stream())
                .toList();
    }

    private void twoParts(List<Difference> all) {
        for (Group first : groups) {
            for (Fraction multiple : MULTIPLES) {
                Polynomial ofFirst = first.adds().times(multiple.minus(Fraction.ONE));
                Polynomial rest = difference.minus(ofFirst);
                for (Group second : groups) {
                    if (!second.equals(first) && !rest.isZero()) {
                        onePart(rest, second)
                                .flatMap(ofSecond -> onePart(ofFirst, first).map(one -> one.and(ofSecond)))
                                .ifPresent(all::add);
                    }
                }
            }
        }
    }

    /** What is wrong with a part if that alone makes the difference. */
    private static Optional<Difference> onePart(Polynomial difference, Group group) {
        Polynomial claimed = group.adds().plus(difference);
        if (claimed.isZero()) {
            return Optional.of(Difference.of(
                    Difference.ONE_PART + group.cost(),
                    group.name() + (group.several() ? " are missing, " : " is missing, ") + group.adds()));
        }
        return Quotient.of(claimed, group.adds())
                .filter(quotient -> quotient.coefficient().signum() > 0)
                .map(quotient -> Difference.of(
                        Difference.ONE_PART + group.cost() + quotient.oddity(),
                        group.name() + " " + quotient.words(group.several()) + ": " + claimed + " where " + group.adds()
                                + " belongs"));
    }

    /** Whether a part would be as it is claimed with one letter for another. */
    private Optional<Difference> otherLetter(Group group) {
        Polynomial claimed = group.adds().plus(difference);
        return Letters.exchanged(claimed, group.adds(), claimed.letters())
                .map(words -> Difference.of(
                        Difference.ONE_PART + group.cost() + 1,
                        "in " + group.name() + ", " + words + ": " + claimed + " where " + group.adds() + " belongs"));
    }
}
