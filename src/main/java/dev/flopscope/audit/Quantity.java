package dev.flopscope.audit;

import dev.flopscope.flops.Account;
import java.math.BigDecimal;
import java.util.function.Function;

/**
 * Something that can be claimed of a pass.
 *
 * @param name its name in claims files
 * @param meaning in words, with the unit
 * @param evaluation its closed form
 */
record Quantity(String name, String meaning, Evaluation evaluation) {
    /** The closed form of a quantity. */
    @FunctionalInterface
    interface Evaluation {
        /**
         * The value for one pass.
         *
         * @param account the pass
         * @param reading how to read this or a related account: as it is, or under another convention
         */
        BigDecimal of(Account account, Function<Account, Ledger> reading);
    }

    /** A quantity that is a function of one ledger. */
    static Quantity of(String name, String meaning, Function<Ledger, BigDecimal> form) {
        return new Quantity(name, meaning, (account, reading) -> form.apply(reading.apply(account)));
    }
}
