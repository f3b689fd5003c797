package dev.flopscope.claims;

import dev.flopscope.claims.Quantities.Quantity;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Polynomial;
import dev.flopscope.terms.Comparison;
import dev.flopscope.terms.LedgerQuantity;
import dev.flopscope.terms.ModelFamily;
import dev.flopscope.terms.QuantityForm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Holds claimed formulas against polynomials; what was recovered for one claim serves the next one of the same quantity. */
final class Formulas {
    private static final String PARAMETERS = "parameters";

    private final Map<Recovered, Optional<QuantityForm>> known = new HashMap<>();

    /** What a polynomial was recovered for. */
    private record Recovered(String quantity, ModelFamily family) {}

    /**
     * Checks a formula over all sizes.
     *
     * @return none if it is a number, if it is no polynomial, if the quantity is none, or if the model's blocks differ
     */
    Optional<FormulaCheck> check(Formula formula, Quantity quantity, Account account) {
        Optional<Polynomial> claimed = formula.polynomial();
        if (claimed.isEmpty() || formula.letters().isEmpty()) {
            return Optional.empty();
        }
        Optional<ModelFamily> family = ModelFamily.of(account);
        try {
            return family.flatMap(models -> form(quantity.name(), quantity.evaluation(), models)
                    .map(form -> FormulaCheck.of(
                            Comparison.of(inLetters(claimed.get(), models), form, models.size()), models)));
        } catch (ArithmeticException e) {
            // It divides by N or has too many terms; as a number it has been judged all the same.
            return Optional.empty();
        }
    }

    /** N as the polynomial that it is. */
    private Polynomial inLetters(Polynomial claimed, ModelFamily models) {
        return claimed.letters().contains("N")
                ? claimed.with(
                        "N",
                        form(
                                        PARAMETERS,
                                        Quantities.find(PARAMETERS)
                                                .orElseThrow()
                                                .evaluation(),
                                        models)
                                .orElseThrow(() -> new ArithmeticException("N is no polynomial"))
                                .total())
                : claimed;
    }

    private Optional<QuantityForm> form(String name, LedgerQuantity quantity, ModelFamily models) {
        return known.computeIfAbsent(new Recovered(name, models), unused -> QuantityForm.recover(quantity, models));
    }
}
