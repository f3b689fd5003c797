package dev.flopscope.run;

import dev.flopscope.claims.ClaimVerdict;
import java.util.List;

/**
 * What became of a set of checks.
 *
 * @param runs runs that were executed and held against their closed forms
 * @param claims claims that were held against the closed forms
 * @param claimRuns passes that were executed for the claims
 */
public record Verification(List<Measurement> runs, List<ClaimVerdict> claims, List<ClaimRun> claimRuns) {
    /** Keeps copies. */
    public Verification {
        runs = List.copyOf(runs);
        claims = List.copyOf(claims);
        claimRuns = List.copyOf(claimRuns);
    }

    /** Whether every run agrees with its closed form. */
    public boolean runsAgree() {
        return runs.stream().allMatch(Measurement::agrees) && claimRuns.stream().allMatch(ClaimRun::agrees);
    }

    /** What was executed for one claim. */
    public List<ClaimRun> runsOf(ClaimVerdict claim) {
        return claimRuns.stream().filter(run -> run.claim().equals(claim)).toList();
    }

    /** Claims that hold as they are written. */
    public long claimsThatHold() {
        return claims.stream().filter(ClaimVerdict::holds).count();
    }
}
