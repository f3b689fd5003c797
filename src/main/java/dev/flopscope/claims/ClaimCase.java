package dev.flopscope.claims;

import dev.flopscope.claims.ClaimVerdict.Parts;
import dev.flopscope.claims.Quantities.Quantity;
import dev.flopscope.convention.Ledger;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Fraction;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A claim with all that is needed to judge it.
 *
 * @param claim the claim
 * @param quantity what it is about
 * @param account the closed forms of its model and context
 * @param ledger what the quantity is made of, worked out once for all conventions
 * @param formula what it claims
 * @param claimed its number
 * @param parts whether the claims that it names as its parts add up to it, if it names any
 */
record ClaimCase(
        Claim claim,
        Quantity quantity,
        Account account,
        Ledger ledger,
        Formula formula,
        Fraction claimed,
        Optional<Parts> parts) {

    /** The quantity by our convention. */
    Fraction actual() {
        return quantity.evaluation().of(account, Ledger::of);
    }

    /** The quantity when every ledger is read as {@code convention} has it; none where that does not apply to the model. */
    @SuppressWarnings("ReferenceEquality") // An account that is equal and another one only costs a ledger more.
    Optional<Fraction> under(UnaryOperator<Ledger> convention) {
        try {
            return Optional.of(quantity.evaluation()
                    .of(account, pass -> convention.apply(pass == account ? ledger : Ledger.of(pass))));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    Verdict judge(BigDecimal value) {
        return claim.precision().judge(claimed.decimal(), value);
    }
}
