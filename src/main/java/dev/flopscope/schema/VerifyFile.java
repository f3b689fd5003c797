package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code verify}: accounts of what was executed, and claims held against closed forms.
 *
 * @param envelope its beginning
 * @param convention what is counted, and how
 * @param accounts what was executed
 * @param claims what was claimed
 * @param runsAgree whether everything that was executed without a fault agrees with its closed forms
 * @param claimsThatHold how many claims hold
 * @param selfTest what became of planted faults; absent if none were planted
 */
public record VerifyFile(
        @JsonUnwrapped Envelope envelope,
        String convention,
        List<AccountRecord> accounts,
        List<Claim> claims,
        boolean runsAgree,
        long claimsThatHold,
        @Nullable SelfTest selfTest) {
    /** A claim and what became of it. */
    public record Claim(
            String id,
            String model,
            int context,
            String quantity,
            String claimedAs,
            BigDecimal claimed,
            BigDecimal actual,
            String verdict,
            boolean holds,
            @Nullable BigDecimal factor,
            List<String> explanations,
            String summary,
            @Nullable Polynomials polynomials,
            @Nullable List<Executed> executed) {}

    /** A claimed formula beside the true one, over all sizes. */
    public record Polynomials(
            String claimed,
            String actual,
            @Nullable String holdsWhere,
            List<String> differences,
            @Nullable Size breaksAt) {}

    /** A size by its letters, and what is claimed and true there. */
    public record Size(Map<String, Integer> letters, BigDecimal claimed, BigDecimal actual) {}

    /** A pass that was executed for a claim. */
    public record Executed(
            String purpose,
            @Nullable Map<String, Integer> letters,
            long countedFlops,
            long expectedFlops,
            boolean agrees) {}

    /**
     * Faults that were planted, and whether the checks noticed them.
     *
     * @param reference the engine whose logits those of all passes are held against
     * @param disagreements what the checks noticed in the pass without a fault
     * @param faults one after the other
     * @param noticed how many of them were noticed by the check that must
     * @param sound whether all were, and nothing was noticed in the pass without a fault
     */
    public record SelfTest(
            String reference, List<Notice> disagreements, List<Fault> faults, long noticed, boolean sound) {}

    /**
     * A fault and what became of it.
     *
     * @param fault what it is
     * @param place where it was planted, seen from where products are counted
     * @param check the check that must notice it
     * @param noticed whether it did
     * @param notices what it and others noticed
     */
    public record Fault(String fault, String place, String check, boolean noticed, List<Notice> notices) {}

    /** What a check noticed, in its words. */
    public record Notice(String check, String line) {}
}
