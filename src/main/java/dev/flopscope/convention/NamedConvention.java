package dev.flopscope.convention;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Fraction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A way to count a pass that somebody is known by: what differs from ours, one convention after the other.
 *
 * @param name by which it is asked for
 * @param counts what it counts, in words
 * @param training whether it counts another thing than a forward pass: one of training
 * @param source who counts so, and where that is written
 * @param steps what differs from our convention, in the order in which it is applied; a step that has no meaning for a model,
 *     such as one about experts, leaves its ledger as it is
 */
public record NamedConvention(String name, String counts, boolean training, String source, List<Convention> steps) {
    /** Keeps a copy of the list. */
    public NamedConvention {
        steps = List.copyOf(steps);
    }

    /**
     * What a prompt costs by this convention.
     *
     * @param account a prompt in one chunk with dense attention and logits of all tokens
     * @throws ArithmeticException if a term is no whole number, which no convention of {@link NamedConventions} gives
     */
    public Reading read(Account account) {
        List<Ledger> ledgers = ledgers(Ledger.of(account));
        Map<String, BigInteger> terms = terms(ledgers.get(ledgers.size() - 1));
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (int step = 0; step < steps.size(); step++) {
            Map<String, BigInteger> before = terms(ledgers.get(step));
            Map<String, BigInteger> after = terms(ledgers.get(step + 1));
            String reason = steps.get(step).name();
            after.forEach((term, flops) -> {
                if (!flops.equals(before.get(term))) {
                    reasons.computeIfAbsent(term, unused -> new ArrayList<>()).add(reason);
                }
            });
            before.keySet().stream()
                    .filter(term -> !after.containsKey(term))
                    .forEach(term -> reasons.computeIfAbsent(term, unused -> new ArrayList<>())
                            .add(reason));
        }
        return new Reading(this, terms, reasons);
    }

    /** Our ledger, and what each step makes of the one before. */
    private List<Ledger> ledgers(Ledger ours) {
        List<Ledger> ledgers = new ArrayList<>(List.of(ours));
        for (Convention step : steps) {
            Ledger before = ledgers.get(ledgers.size() - 1);
            ledgers.add(changed(before, step));
        }
        return ledgers;
    }

    private static Ledger changed(Ledger ledger, Convention step) {
        try {
            return step.change().apply(ledger);
        } catch (ArithmeticException e) {
            return ledger;
        }
    }

    /** What is not 0, in the order of a pass. */
    private static Map<String, BigInteger> terms(Ledger ledger) {
        Map<String, BigInteger> terms = new LinkedHashMap<>();
        for (MatmulKind kind : MatmulKind.values()) {
            add(
                    terms,
                    kind.label(),
                    kind == MatmulKind.LM_HEAD ? ledger.flops(ledger.head()) : ledger.flops(EnumSet.of(kind)));
        }
        ledger.others().forEach(other -> add(terms, other.name(), ledger.flops(other)));
        return terms;
    }

    private static void add(Map<String, BigInteger> terms, String name, Fraction flops) {
        if (!flops.isWhole()) {
            throw new ArithmeticException(name + " is no whole number of FLOPs: " + flops.decimal());
        }
        if (flops.signum() != 0) {
            terms.merge(name, flops.numerator(), BigInteger::add);
        }
    }
}
