package dev.flopscope.audit;

import dev.flopscope.flops.Account;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A claim with all that is needed to judge it.
 *
 * @param claim the claim
 * @param quantity what it is about
 * @param account the closed forms of its model and context
 * @param claimed its number
 * @param sumOfParts what the claims it names as its parts add up to, as claimed
 */
record ClaimCase(Claim claim, Quantity quantity, Account account, BigDecimal claimed, Optional<BigDecimal> sumOfParts) {

    /** The quantity by our convention. */
    BigDecimal actual() {
        return under(UnaryOperator.identity());
    }

    /** The same quantity when every ledger is read as {@code convention} has it. */
    BigDecimal under(UnaryOperator<Ledger> convention) {
        return quantity.evaluation().of(account, pass -> convention.apply(Ledger.of(pass)));
    }

    /** Another quantity of the same pass by our convention. */
    BigDecimal other(String name) {
        return Quantities.find(name).orElseThrow().evaluation().of(account, Ledger::of);
    }

    Verdict judge(BigDecimal value) {
        return claim.precision().judge(claimed, value);
    }
}
