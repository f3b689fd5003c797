package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.List;
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
            String summary) {}
}
