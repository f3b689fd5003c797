package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file of {@code verify}: accounts of what was executed, and claims held against closed forms. */
public record VerifyFile(
        @JsonUnwrapped Envelope envelope,
        String convention,
        List<AccountRecord> accounts,
        List<Claim> claims,
        boolean runsAgree,
        long claimsThatHold) {
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
}
