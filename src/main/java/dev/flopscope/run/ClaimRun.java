package dev.flopscope.run;

import dev.flopscope.claims.ClaimVerdict;
import dev.flopscope.flops.Account;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pass that was executed for a claim and held against the closed forms.
 *
 * @param claim for which claim
 * @param purpose why at this size
 * @param letters the extents that matter, by their letters; empty for the claimed size
 * @param account the closed forms of the run
 * @param countedFlops what was counted
 * @param agrees whether everything counted is as the closed forms say, site by site
 */
public record ClaimRun(
        ClaimVerdict claim,
        Purpose purpose,
        Map<String, Integer> letters,
        Account account,
        long countedFlops,
        boolean agrees) {
    /** Why a size is executed. */
    public enum Purpose {
        /** No two terms have the same value there. */
        TERMS_APART,
        /** It is the smallest at which the claim breaks. */
        BREAKS,
        /** It is what the claim is about. */
        CLAIMED
    }

    /** Keeps a copy. */
    public ClaimRun {
        letters = Collections.unmodifiableMap(new LinkedHashMap<>(letters));
    }
}
