package dev.flopscope.run;

import dev.flopscope.claims.ClaimVerdict;
import java.util.List;

/**
 * What became of a set of checks.
 *
 * @param runs runs that were executed and held against their closed forms
 * @param claims claims that were held against the closed forms
 */
public record Verification(List<Measurement> runs, List<ClaimVerdict> claims) {
    /** Keeps copies. */
    public Verification {
        runs = List.copyOf(runs);
        claims = List.copyOf(claims);
    }

    /** Whether every run agrees with its closed form. */
    public boolean runsAgree() {
        return runs.stream().allMatch(Measurement::agrees);
    }

    /** Claims that hold as they are written. */
    public long claimsThatHold() {
        return claims.stream().filter(ClaimVerdict::holds).count();
    }
}
