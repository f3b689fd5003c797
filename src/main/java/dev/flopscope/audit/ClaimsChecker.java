package dev.flopscope.audit;

import dev.flopscope.config.BadDataException;
import dev.flopscope.flops.Account;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds published claims against the closed forms, and finds out for those that are off which convention, if any, gives
 * the claimed number. It knows no claim by name: the same search is made for all.
 */
public final class ClaimsChecker {
    private final AccountSource accounts;

    /** Checks against what {@code accounts} gives. */
    public ClaimsChecker(AccountSource accounts) {
        this.accounts = accounts;
    }

    /**
     * Judges claims.
     *
     * @param claims of one file, so that every part that one names is among them
     * @return one verdict a claim, in the same order
     * @throws BadDataException if a claim's model is unknown or cannot be used, if its counts exceed 2⁶³−1, or if its
     *     formula or quantity has no value; the message names the file and the line
     */
    public List<ClaimVerdict> check(List<Claim> claims) {
        Map<String, Claim> byId = new HashMap<>();
        Map<String, BigDecimal> claimed = new HashMap<>();
        for (Claim claim : claims) {
            byId.put(claim.id(), claim);
            claimed.put(claim.id(), Formulas.value(claim, account(claim).letters()));
        }
        return claims.stream()
                .map(claim -> verdict(caseOf(claim, claimed), partsOf(claim, byId, claimed)))
                .toList();
    }

    private Account account(Claim claim) {
        try {
            return accounts.account(claim.model(), claim.context());
        } catch (IllegalArgumentException | BadDataException | ArithmeticException e) {
            throw new BadDataException(claim.where(), String.valueOf(e.getMessage()), e);
        }
    }

    private ClaimCase caseOf(Claim claim, Map<String, BigDecimal> claimed) {
        Quantity quantity = Quantities.find(claim.quantity())
                .orElseThrow(() -> new BadDataException(claim.where(), ClaimsFile.unknownQuantity(claim.quantity())));
        Optional<BigDecimal> sum =
                claim.parts().stream().map(part -> numberOf(part, claimed)).reduce(BigDecimal::add);
        return new ClaimCase(claim, quantity, account(claim), numberOf(claim.id(), claimed), sum);
    }

    private static Optional<PartsCheck> partsOf(Claim claim, Map<String, Claim> byId, Map<String, BigDecimal> claimed) {
        BigDecimal whole = numberOf(claim.id(), claimed);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal tolerance = claim.precision().tolerance(whole);
        for (String part : claim.parts()) {
            BigDecimal number = numberOf(part, claimed);
            sum = sum.add(number);
            tolerance = tolerance.add(Optional.ofNullable(byId.get(part))
                    .orElseThrow()
                    .precision()
                    .tolerance(number));
        }
        return claim.parts().isEmpty() ? Optional.empty() : Optional.of(PartsCheck.of(sum, whole, tolerance));
    }

    private static BigDecimal numberOf(String id, Map<String, BigDecimal> claimed) {
        return Optional.ofNullable(claimed.get(id)).orElseThrow();
    }

    private static ClaimVerdict verdict(ClaimCase claim, Optional<PartsCheck> parts) {
        try {
            BigDecimal actual = claim.actual();
            Verdict verdict = claim.judge(actual);
            return new ClaimVerdict(
                    claim.claim(),
                    claim.claimed(),
                    actual,
                    verdict,
                    actual.signum() == 0
                            ? Optional.empty()
                            : Optional.of(claim.claimed().divide(actual, Ledger.DIGITS)),
                    verdict == Verdict.OFF ? Conventions.explain(claim) : List.of(),
                    parts);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new BadDataException(
                    claim.claim().where(),
                    claim.quantity().name() + " has no value for "
                            + claim.claim().model() + " at context "
                            + claim.claim().context() + ": " + e.getMessage(),
                    e);
        }
    }
}
