package dev.flopscope.claims;

import dev.flopscope.claims.ClaimVerdict.Parts;
import dev.flopscope.claims.Quantities.Quantity;
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
 * @param parts whether the claims that it names as its parts add up to it, if it names any
 */
record ClaimCase(Claim claim, Quantity quantity, Account account, BigDecimal claimed, Optional<Parts> parts) {

    /** The quantity by our convention. */
    BigDecimal actual() {
        return under(UnaryOperator.identity());
    }

    /** The quantity when every ledger is read as {@code convention} has it. */
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
