package dev.flopscope.claims;

import dev.flopscope.convention.Convention;
import dev.flopscope.convention.Conventions;
import dev.flopscope.terms.QuantityForm;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The search for what explains a claim that is off: each convention alone and every two together, whatever the claim is about.
 * The simplest explanations are named; there may be several, because two may give the same number.
 */
final class Explanations {
    private static final int MOST_NAMED = 3;
    /** How many digits a claim must have, by cost: with fewer, so many conventions would give its number by chance. */
    private static final List<Integer> LEAST_DIGITS = List.of(1, 1, 1, 3, 4, 6, 6);

    private static final int MOST_COST = 2 * Convention.RARE;

    private static final String LAST_DIGIT = "one unit off in the last digit";
    private static final String SUM_OF_PARTS = "the sum of its parts as claimed";

    private static final List<Convention> ALL = candidates();

    private Explanations() {}

    private static List<Convention> candidates() {
        List<Convention> singles = Conventions.all();
        List<Convention> all = new ArrayList<>(singles);
        for (Convention first : singles) {
            singles.stream().filter(first::goesWith).map(first::and).forEach(all::add);
        }
        return List.copyOf(all);
    }

    /**
     * What explains a claim that is off, in words. Of a number, the conventions that give it, else the part that it is off by. Of a formula, one convention
     * that gives its value at other sizes too; else how it differs as a polynomial, if that is soon said; else two conventions at
     * once; else what gives the number alone.
     *
     * @param formula what is known of it as a polynomial
     * @return the cheapest explanations, at most three; none if nothing explains it
     */
    static List<String> of(ClaimCase claim, Optional<FormulaCheck> formula) {
        Predicate<Convention> confirmed = Confirmation.of(claim.formula(), claim.quantity(), claim.account());
        List<String> one = of(claim, formula.isEmpty() ? MOST_COST : Convention.RARE, confirmed);
        boolean near = formula.filter(check -> check.comparison().isNear()).isPresent();
        List<String> compared =
                formula.map(check -> check.comparison().differences()).orElse(List.of());
        if (!one.isEmpty() || near) {
            return one.isEmpty() ? compared : one;
        }
        if (formula.isEmpty()) {
            return byParts(claim);
        }
        return Stream.of(of(claim, MOST_COST, confirmed), of(claim, MOST_COST, unused -> true), compared)
                .filter(names -> !names.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Of an exact number, which part is missing or counted by another factor. */
    private static List<String> byParts(ClaimCase claim) {
        return claim.claim().precision() instanceof Precision.Exact
                ? QuantityForm.explain(claim.quantity().evaluation(), claim.account(), claim.claimed()).stream()
                        .limit(MOST_NAMED)
                        .toList()
                : List.of();
    }

    private static List<String> of(ClaimCase claim, int most, Predicate<Convention> confirmed) {
        for (int cost = Convention.COMMON; cost <= most; cost++) {
            List<String> names = at(cost, claim, confirmed);
            if (!names.isEmpty()) {
                return names;
            }
            if (cost == Convention.COMMON && isNeighbour(claim)) {
                return List.of(LAST_DIGIT);
            }
        }
        return List.of();
    }

    private static List<String> at(int cost, ClaimCase claim, Predicate<Convention> confirmed) {
        if (digits(claim) < LEAST_DIGITS.get(cost)) {
            return List.of();
        }
        Stream<String> conventions = ALL.stream()
                .filter(convention ->
                        convention.cost() == cost && explains(convention, claim) && confirmed.test(convention))
                .map(Convention::name);
        Stream<String> parts = claim
                .parts()
                .filter(sum ->
                        cost == Convention.COMMON && claim.judge(sum.sum()).holds())
                .map(sum -> SUM_OF_PARTS)
                .stream();
        return Stream.concat(conventions, parts).distinct().limit(MOST_NAMED).toList();
    }

    private static int digits(ClaimCase claim) {
        return claim.claim().precision() instanceof Precision.Digits digits ? digits.count() : Integer.MAX_VALUE;
    }

    private static boolean isNeighbour(ClaimCase claim) {
        if (!(claim.claim().precision() instanceof Precision.Digits digits)) {
            return false;
        }
        BigDecimal rounded = digits.rounded(claim.actual().decimal());
        BigDecimal unit = digits.unit(rounded);
        return claim.judge(rounded.add(unit)).holds()
                || claim.judge(rounded.subtract(unit)).holds();
    }

    /** Whether the claimed number is exactly, or rounds to, what a convention gives. */
    private static boolean explains(Convention convention, ClaimCase claim) {
        return claim.under(convention.change())
                .filter(value -> claim.judge(value.decimal()).holds())
                .isPresent();
    }
}
