package dev.flopscope.audit;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A way to count or to write that differs from ours and may explain a claim that is off.
 *
 * @param name in words, as a report says it after "off by factor 2:"
 * @param alternatives the values that the claimed quantity has under it; none where it does not apply
 */
record Convention(String name, Function<ClaimCase, List<BigDecimal>> alternatives) {

    /** A convention that counts products or parameters differently. */
    static Convention counting(String name, UnaryOperator<Ledger> ledger) {
        return new Convention(name, claim -> List.of(claim.under(ledger)));
    }

    /** A convention that writes {@code taken} where {@code named} is what the name says. */
    static Convention unit(String name, String named, String taken) {
        return new Convention(
                name, claim -> claim.quantity().name().equals(named) ? List.of(claim.other(taken)) : List.of());
    }

    /** Whether the claimed number is exactly, or rounds to, what this convention gives. */
    boolean explains(ClaimCase claim) {
        return alternatives.apply(claim).stream()
                .anyMatch(value -> claim.judge(value).holds());
    }
}
