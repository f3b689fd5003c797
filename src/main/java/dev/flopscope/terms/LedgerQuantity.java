package dev.flopscope.terms;

import dev.flopscope.convention.Ledger;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Fraction;
import java.util.function.Function;

/** Something that ledgers have a number of. */
@FunctionalInterface
public interface LedgerQuantity {
    /**
     * Its value for one run.
     *
     * @param account the run
     * @param reading how to read this or a related account: as it is, under another convention, or one part of it alone
     */
    Fraction of(Account account, Function<Account, Ledger> reading);
}
