package dev.flopscope.claims;

import dev.flopscope.TestModels;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import java.util.List;

/** Reads and judges claims written in a test. */
final class ClaimsTesting {
    private static final String HEADER = "id,model,context,quantity,claimed,precision,parts\n";

    private ClaimsTesting() {}

    /**
     * Shipped models, GPT-2 124M as commonly sized under the name {@code tied-gelu}, {@code mixed}, whose blocks differ, {@code equal}, where F = D, and
     * the two models of {@link PaperCount}.
     */
    static Account account(String model, int context) {
        ModelConfig config = switch (model) {
            case "tied-gelu" -> TestModels.gpt2Small124M();
            case "equal" -> TestModels.swiglu("equal", 300, 4, 64, 4, 64);
            case "mixed" ->
                TestModels.builder(model)
                        .vocab(10)
                        .dModel(8)
                        .heads(2)
                        .block(block -> block.dFf(12))
                        .block(block -> block.dFf(20).gelu())
                        .build();
            case "grouped" -> paper(model).kvHeads(4).headDim(20).build();
            case "plain" -> paper(model).tied().gelu().build();
            default -> TestModels.shipped(model);
        };
        return Account.of(config, 1, context);
    }

    private static TestModels.Builder paper(String name) {
        return TestModels.builder(name)
                .vocab((int) PaperCount.V)
                .layers((int) PaperCount.L)
                .dModel((int) PaperCount.D)
                .heads((int) PaperCount.H)
                .dFf(250);
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
