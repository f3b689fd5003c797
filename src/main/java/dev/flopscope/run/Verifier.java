package dev.flopscope.run;

import dev.flopscope.audit.Claim;
import dev.flopscope.audit.ClaimVerdict;
import dev.flopscope.audit.ClaimsChecker;
import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Runs models and checks claims, all against the same closed forms. */
public final class Verifier {
    private static final long SEED = 1;

    private final ModelCatalog catalog = new ModelCatalog();
    private final PassRunner runner;
    private final int threads;

    /** Verifies with {@code threads} threads, telling {@code progress}. */
    public Verifier(ProgressListener progress, int threads) {
        this.runner = new PassRunner(progress);
        this.threads = threads;
    }

    /**
     * Runs each model at its own context length and checks each claim.
     *
     * @param models names or paths
     * @param claims claims of one file
     * @throws DoesNotFitException if a model does not fit in memory; found before any is run
     * @throws dev.flopscope.config.BadDataException if a claim cannot be evaluated; found before any model is run
     */
    public Verification verify(List<String> models, List<Claim> claims) {
        List<ClaimVerdict> verdicts = new ClaimsChecker(this::account).check(claims);
        List<RunSpec> specs = models.stream().map(this::spec).toList();
        specs.forEach(PassRunner::check);
        List<RunResult> runs = new ArrayList<>();
        for (RunSpec spec : specs) {
            runs.add(runner.run(spec));
        }
        return new Verification(runs, verdicts);
    }

    private Account account(String model, int context) {
        return Account.of(catalog.find(model), 1, context);
    }

    private RunSpec spec(String name) {
        ModelConfig model = catalog.find(name);
        return new RunSpec(
                model,
                1,
                OptionalInt.empty(),
                threads,
                SEED,
                WeightsMode.FULL,
                Attention.of(Attention.Algorithm.TILED),
                MatmulEngine.best(),
                new Prompt.Seeded());
    }
}
