package dev.flopscope.claims;

import dev.flopscope.claims.Quantities.Quantity;
import dev.flopscope.convention.Convention;
import dev.flopscope.convention.Ledger;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.terms.ModelFamily;
import dev.flopscope.terms.RelatedSizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a convention gives what a formula gives at other sizes too, at which the relations of the model at hand still hold. One
 * that does so at the claimed size alone gives the number by chance.
 */
final class Confirmation implements Predicate<Convention> {
    private static final int SIZES = 3;

    private final Formula formula;
    private final Quantity quantity;
    private final List<Account> accounts;

    /** Confirms for one claim. */
    private Confirmation(Formula formula, Quantity quantity, List<Account> accounts) {
        this.formula = formula;
        this.quantity = quantity;
        this.accounts = accounts;
    }

    /** Confirms what a claim is explained by; everything where there is no formula or no other size. */
    static Predicate<Convention> of(Formula formula, Quantity quantity, Account account) {
        Optional<ModelFamily> family = ModelFamily.of(account);
        if (family.isEmpty() || formula.letters().isEmpty()) {
            return unused -> true;
        }
        RelatedSizes sizes = RelatedSizes.of(family.get(), formula.letters());
        List<Account> accounts = new ArrayList<>();
        for (int index = 1; index <= SIZES; index++) {
            accounts.add(family.get().account(sizes.at(index)));
        }
        return new Confirmation(formula, quantity, accounts);
    }

    @Override
    public boolean test(Convention convention) {
        try {
            return accounts.stream()
                    .allMatch(account -> quantity.evaluation()
                            .of(account, pass -> convention.change().apply(Ledger.of(pass)))
                            .equals(formula.value(letters(account))));
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /** What the letters of formulas stand for. */
    static Map<String, Fraction> letters(Account account) {
        Map<String, Fraction> letters = new HashMap<>();
        account.letters().forEach((letter, extent) -> letters.put(letter, Fraction.of(extent)));
        if (account.decode().isPresent()) {
            letters.put("G", Fraction.of(account.decodedTokens()));
        }
        letters.put("N", Fraction.of(account.parameters().total()));
        return letters;
    }
}
