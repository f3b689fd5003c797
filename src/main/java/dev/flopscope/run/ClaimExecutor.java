package dev.flopscope.run;

import dev.flopscope.claims.ClaimVerdict;
import dev.flopscope.claims.FormulaCheck;
import dev.flopscope.claims.FormulaCheck.Size;
import dev.flopscope.config.Attention;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.run.ClaimRun.Purpose;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Executes passes for claims: of a formula, at a small size at which its terms can be told apart and at the smallest at which it
 * breaks; of any claim, at the claimed size if that takes seconds.
 */
final class ClaimExecutor {
    private static final long SEED = 1;
    private static final long MOST_FLOPS = 10_000_000_000L;
    private static final long MOST_PARAMETERS = 200_000_000L;

    private final ProgressListener progress;
    private final int threads;
    private final Instruments instruments;
    private final Map<Account, Optional<Measurement>> done = new HashMap<>();

    /** Executes with {@code threads} threads, telling {@code progress} of each claim. */
    ClaimExecutor(ProgressListener progress, int threads) {
        this.progress = progress;
        this.threads = threads;
        this.instruments = Instruments.ofThisMachine(ProgressListener.none(), Timeline.none(), line -> {});
    }

    /**
     * Executes what there is to execute.
     *
     * @param accounts the closed forms of the run that a claim is about
     */
    List<ClaimRun> execute(List<ClaimVerdict> verdicts, Function<ClaimVerdict, Account> accounts) {
        List<ClaimRun> runs = new ArrayList<>();
        for (ClaimVerdict verdict : verdicts) {
            Optional<FormulaCheck> formula = verdict.formula();
            formula.flatMap(FormulaCheck::apart)
                    .flatMap(size -> at(verdict, Purpose.TERMS_APART, size))
                    .ifPresent(runs::add);
            formula.flatMap(FormulaCheck::breaks)
                    .flatMap(size -> at(verdict, Purpose.BREAKS, size))
                    .ifPresent(runs::add);
            Account claimed = accounts.apply(verdict);
            if (isSmall(claimed)) {
                run(verdict, Purpose.CLAIMED, Map.of(), claimed).ifPresent(runs::add);
            }
            progress.advanced(Activity.SMALL_MODELS, done.size(), Math.max(done.size(), 2L * verdicts.size()));
        }
        return runs;
    }

    private Optional<ClaimRun> at(ClaimVerdict verdict, Purpose purpose, Size size) {
        return run(verdict, purpose, size.letters(), size.account());
    }

    private static boolean isSmall(Account account) {
        return account.parameters().total() <= MOST_PARAMETERS
                && account.phases().stream().allMatch(phase -> phase.flops() <= MOST_FLOPS)
                && account.phases().stream().mapToLong(PhaseAccount::flops).sum() <= MOST_FLOPS;
    }

    private Optional<ClaimRun> run(
            ClaimVerdict verdict, Purpose purpose, Map<String, Integer> letters, Account account) {
        return done.computeIfAbsent(account, this::measured)
                .map(measurement -> new ClaimRun(
                        verdict,
                        purpose,
                        letters,
                        account,
                        measurement.phases().stream()
                                .mapToLong(PhaseMeasurement::countedFlops)
                                .sum(),
                        measurement.agrees()));
    }

    /** None if models of this type are not executed, or this one does not fit. */
    private Optional<Measurement> measured(Account account) {
        RunSpec spec = new RunSpec(
                account.model(),
                account.batch(),
                OptionalInt.of(account.context()),
                OptionalInt.empty(),
                account.decode()
                        .map(phase -> OptionalInt.of(phase.phase().tokens()))
                        .orElse(OptionalInt.empty()),
                LogitsRows.ALL,
                Attention.full(),
                new Prompt.Seeded(),
                WeightsMode.SHARED,
                SEED,
                Hardware.bestEngine(),
                threads);
        try {
            Measurer.check(spec);
        } catch (BadDataException | DoesNotFitException | ArithmeticException e) {
            return Optional.empty();
        }
        try (Session session = Session.open(spec, instruments)) {
            return Optional.of(session.measure(spec, Sampling.uncompiled()));
        }
    }
}
