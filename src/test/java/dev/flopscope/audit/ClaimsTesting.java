package dev.flopscope.audit;

import dev.flopscope.TestModels;
import dev.flopscope.flops.Account;
import java.util.List;

/** Reads and judges claims written in a test. */
final class ClaimsTesting {
    private static final String HEADER = "id,model,context,quantity,claimed,precision,parts\n";

    private ClaimsTesting() {}

    /** Shipped models, and GPT-2 124M as commonly sized under the name {@code tied-gelu}. */
    static Account account(String model, int context) {
        return Account.of(
                model.equals("tied-gelu") ? TestModels.gpt2Small124M() : TestModels.shipped(model), 1, context);
    }

    static List<Claim> claims(String lines) {
        return ClaimsFile.read("claims.csv", HEADER + lines);
    }

    static List<ClaimVerdict> check(String lines) {
        return new ClaimsChecker(ClaimsTesting::account).check(claims(lines));
    }

    static ClaimVerdict judge(String model, String quantity, String claimed, String precision) {
        return check(String.join(",", "a", model, "1024", quantity, claimed, precision, ""))
                .get(0);
    }
}
