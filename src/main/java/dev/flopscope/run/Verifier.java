package dev.flopscope.run;

import dev.flopscope.claims.Claim;
import dev.flopscope.claims.ClaimVerdict;
import dev.flopscope.claims.ClaimsChecker;
import dev.flopscope.config.Attention;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.time.Timeline;
import java.util.List;
import java.util.OptionalInt;

/** Runs models and checks claims, all against the same closed forms. */
public final class Verifier {
    private static final long SEED = 1;

    private final ModelCatalog catalog = new ModelCatalog();
    private final Measurer measurer;
    private final ProgressListener progress;
    private final int threads;

    /** Verifies with {@code threads} threads, telling {@code progress}. */
    public Verifier(ProgressListener progress, int threads) {
        this.progress = progress;
        this.measurer = new Measurer(progress, Timeline.none());
        this.threads = threads;
    }

    /**
     * Runs each model at its own context length and checks each claim. Where no model is run, passes are executed for the claims.
     *
     * @param models names or paths
     * @param claims claims of one file
     * @throws DoesNotFitException if a model does not fit in memory; found before any is run
     * @throws dev.flopscope.config.BadDataException if a claim cannot be evaluated; found before any model is run
     */
    public Verification verify(List<String> models, List<Claim> claims) {
        ClaimsChecker checker = new ClaimsChecker(this::account);
        List<ClaimVerdict> verdicts = checker.check(claims);
        List<RunSpec> specs = models.stream().map(this::spec).toList();
        specs.forEach(Measurer::check);
        List<ClaimRun> claimRuns = models.isEmpty()
                ? new ClaimExecutor(progress, threads).execute(verdicts, verdict -> checker.account(verdict.claim()))
                : List.of();
        return new Verification(specs.stream().map(measurer::run).toList(), verdicts, claimRuns);
    }

    private Account account(String model, int context) {
        return Account.of(catalog.find(model), 1, context);
    }

    private RunSpec spec(String name) {
        return new RunSpec(
                catalog.find(name),
                1,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                LogitsRows.ALL,
                Attention.of(Attention.Algorithm.TILED),
                new Prompt.Seeded(),
                WeightsMode.FULL,
                SEED,
                Hardware.bestEngine(),
                threads);
    }
}
