package dev.flopscope.claims;

import dev.flopscope.claims.ClaimVerdict.Parts;
import dev.flopscope.claims.Quantities.Quantity;
import dev.flopscope.config.BadDataException;
import dev.flopscope.convention.Ledger;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Fraction;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds published claims against the closed forms, and finds out for those that are off which convention, if any, gives
 * the claimed number. It knows no claim by name and searches for all in the same way.
 */
public final class ClaimsChecker {
    /** Letters of formulas that have one value only where all blocks have the same. */
    private static final Set<String> OF_A_BLOCK = Set.of("H", "K", "d", "F", "E", "k");

    private final AccountSource accounts;
    private final Formulas formulas = new Formulas();

    /** Gives the closed forms that claims are held against. */
    @FunctionalInterface
    public interface AccountSource {
        /**
         * The closed forms of one prompt in one chunk.
         *
         * @param model a shipped model's name or the path of a config
         * @param context T, at least 1
         * @throws IllegalArgumentException if there is no such model
         * @throws BadDataException if the model's config cannot be used
         * @throws ArithmeticException if a count exceeds 2⁶³−1
         */
        Account account(String model, int context);
    }

    /** Checks against what {@code accounts} gives. */
    public ClaimsChecker(AccountSource accounts) {
        this.accounts = accounts;
    }

    /**
     * Compares claims with the closed forms.
     *
     * @param claims of one file, so that every part that one names is among them
     * @return one verdict a claim, in the same order
     * @throws BadDataException if a claim's model is unknown or cannot be used, if its counts exceed 2⁶³−1, or if its
     *     formula or quantity has no value; the message names the file and the line
     */
    public List<ClaimVerdict> check(List<Claim> claims) {
        Map<String, Claim> byId = new HashMap<>();
        Map<String, Fraction> claimed = new HashMap<>();
        for (Claim claim : claims) {
            byId.put(claim.id(), claim);
            claimed.put(claim.id(), value(claim, letters(account(claim))));
        }
        return claims.stream()
                .map(claim -> verdict(caseOf(claim, byId, claimed)))
                .toList();
    }

    private static Map<String, Fraction> letters(Account account) {
        Map<String, Fraction> letters = Confirmation.letters(account);
        if (Ledger.of(account).layers().size() > 1) {
            letters.keySet().removeAll(OF_A_BLOCK);
        }
        return letters;
    }

    private static Fraction value(Claim claim, Map<String, Fraction> letters) {
        try {
            return formula(claim).value(letters);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadDataException(
                    claim.where(), "claimed=" + claim.claimed() + " has no value: " + e.getMessage(), e);
        }
    }

    private static Formula formula(Claim claim) {
        return Formula.parse(claim.claimed(), Quantities.LETTERS);
    }

    /**
     * The closed forms of the run that a claim is about.
     *
     * @throws BadDataException if its model is unknown or cannot be used, or if its counts exceed 2⁶³−1
     */
    public Account account(Claim claim) {
        try {
            Account prompt = accounts.account(claim.modelToFind(), claim.context());
            return claim.batch() == 1 && claim.decode().isEmpty() ? prompt : prompt.with(claim.batch(), claim.decode());
        } catch (IllegalArgumentException | BadDataException | ArithmeticException e) {
            throw new BadDataException(claim.where(), String.valueOf(e.getMessage()), e);
        }
    }

    private ClaimCase caseOf(Claim claim, Map<String, Claim> byId, Map<String, Fraction> claimed) {
        Quantity quantity = Quantities.find(claim.quantity())
                .orElseThrow(() -> new BadDataException(claim.where(), ClaimsFile.unknownQuantity(claim.quantity())));
        Account account = account(claim);
        return new ClaimCase(
                claim,
                quantity,
                account,
                Ledger.of(account),
                formula(claim),
                numberOf(claim.id(), claimed),
                partsOf(claim, byId, claimed));
    }

    private static Optional<Parts> partsOf(Claim claim, Map<String, Claim> byId, Map<String, Fraction> claimed) {
        BigDecimal whole = numberOf(claim.id(), claimed).decimal();
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal tolerance = claim.precision().tolerance(whole);
        for (String part : claim.parts()) {
            BigDecimal number = numberOf(part, claimed).decimal();
            sum = sum.add(number);
            tolerance = tolerance.add(Optional.ofNullable(byId.get(part))
                    .orElseThrow()
                    .precision()
                    .tolerance(number));
        }
        return claim.parts().isEmpty() ? Optional.empty() : Optional.of(Parts.of(sum, whole, tolerance));
    }

    private static Fraction numberOf(String id, Map<String, Fraction> claimed) {
        return Optional.ofNullable(claimed.get(id)).orElseThrow();
    }

    private ClaimVerdict verdict(ClaimCase claim) {
        try {
            Fraction actual = claim.actual();
            Optional<FormulaCheck> formula = formulas.check(claim.formula(), claim.quantity(), claim.account());
            Verdict verdict = verdict(claim.judge(actual.decimal()), formula);
            return new ClaimVerdict(
                    claim.claim(),
                    claim.claimed().decimal(),
                    actual.decimal(),
                    verdict,
                    actual.signum() == 0
                            ? Optional.empty()
                            : Optional.of(claim.claimed().over(actual).decimal()),
                    explanations(verdict, claim, formula),
                    claim.parts(),
                    formula);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new BadDataException(
                    claim.claim().where(),
                    claim.quantity().name() + " has no value for "
                            + claim.claim().model() + " at context "
                            + claim.claim().context() + ": " + e.getMessage(),
                    e);
        }
    }

    /** A formula that is exactly right here must be so elsewhere too. */
    private static Verdict verdict(Verdict here, Optional<FormulaCheck> formula) {
        boolean elsewhere = formula.isEmpty() || formula.get().comparison().holds();
        return here == Verdict.HOLDS && !elsewhere ? Verdict.COINCIDES : here;
    }

    private static List<String> explanations(Verdict verdict, ClaimCase claim, Optional<FormulaCheck> formula) {
        return switch (verdict) {
            case OFF -> Explanations.of(claim, formula);
            case COINCIDES ->
                formula.map(check -> check.comparison().differences()).orElse(List.of());
            default -> List.of();
        };
    }
}
