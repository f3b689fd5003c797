package dev.flopscope.terms;

import dev.flopscope.convention.Ledger;
import dev.flopscope.convention.LedgerPart;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Interpolation;
import dev.flopscope.polynomial.Polynomial;
import dev.flopscope.polynomial.Recovery;
import dev.flopscope.polynomial.Recovery.Recovered;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A quantity as a polynomial in the sizes of a family of models, part by part, recovered from the accounts of small models
 * alone: it is the sum of what it is where a ledger has one part and no other.
 *
 * @param parts what each part adds, in letters; none of them is 0
 */
public record QuantityForm(Map<String, Polynomial> parts) {
    /** Keeps a copy in the same order. */
    public QuantityForm {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /**
     * Recovers the polynomials.
     *
     * @return none if the quantity is not the sum of its parts, as shares and growths are not, or is no polynomial
     */
    public static Optional<QuantityForm> recover(LedgerQuantity quantity, ModelFamily family) {
        List<LedgerPart> parts = LedgerPart.of(Ledger.of(family.account()));
        try {
            Interpolation<String> interpolation =
                    new Interpolation<>(family.axes(), point -> values(quantity, parts, family.account(point)));
            Map<String, Polynomial> found = new LinkedHashMap<>();
            for (Map.Entry<String, Recovery> part : interpolation.recover().entrySet()) {
                if (!(part.getValue() instanceof Recovered recovered)) {
                    return Optional.empty();
                }
                if (!recovered.polynomial().isZero()) {
                    found.put(part.getKey(), family.inHeads(recovered.polynomial()));
                }
            }
            return Optional.of(new QuantityForm(found));
        } catch (ArithmeticException | IllegalArgumentException e) {
            // Such as a share of a pass that has nothing in it, or H/K to a higher power than K.
            return Optional.empty();
        }
    }

    /**
     * Which parts explain a number that is not the quantity's: one part, or parts that belong together, missing or counted by a
     * simple factor.
     *
     * @return in words, the simplest first; none if no part does, or the quantity is not the sum of its parts
     */
    public static List<String> explain(LedgerQuantity quantity, Account account, Fraction claimed) {
        Map<String, Polynomial> parts = new LinkedHashMap<>();
        try {
            values(quantity, LedgerPart.of(Ledger.of(account)), account)
                    .forEach((name, value) -> parts.put(name, Polynomial.of(value)));
        } catch (ArithmeticException | IllegalArgumentException e) {
            return List.of();
        }
        parts.values().removeIf(Polynomial::isZero);
        Polynomial actual = new QuantityForm(parts).total();
        return new PartDifferences(Polynomial.of(claimed), actual, parts).simple();
    }

    /** What each part adds at one size. */
    private static Map<String, Fraction> values(LedgerQuantity quantity, List<LedgerPart> parts, Account account) {
        Map<String, Fraction> values = new LinkedHashMap<>();
        Fraction sum = Fraction.ZERO;
        for (LedgerPart part : parts) {
            Fraction value = quantity.of(account, pass -> part.alone().apply(Ledger.of(pass)));
            values.put(part.name(), value);
            sum = sum.plus(value);
        }
        if (sum.compareTo(quantity.of(account, Ledger::of)) != 0) {
            throw new ArithmeticException("it is not the sum of its parts");
        }
        return values;
    }

    /** The quantity. */
    public Polynomial total() {
        return parts.values().stream().reduce(Polynomial.ZERO, Polynomial::plus);
    }

    /** The same at the sizes of {@code scope}. */
    QuantityForm at(Scope scope) {
        Map<String, Polynomial> there = new LinkedHashMap<>();
        parts.forEach((name, adds) -> there.put(name, scope.at(adds)));
        return new QuantityForm(there);
    }
}
