package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.ModelWeights;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs one counted and timed pass and holds it against its closed form. */
public final class PassRunner {
    private static final int PREDICTIONS = 5;

    private final ProgressListener progress;
    private final Function<RunSpec, Ceilings> ceilings;
    private final Timeline listener;

    /**
     * Runs passes, telling {@code progress}. Where tokens are decoded, the ceilings of this machine are measured, before and
     * after.
     */
    public PassRunner(ProgressListener progress) {
        this(progress, Timeline.none());
    }

    /** Runs passes, telling {@code progress}, and {@code listener} of every span in the pass. */
    public PassRunner(ProgressListener progress, Timeline listener) {
        this(progress, listener, spec -> Hardware.ceilings(spec, progress));
    }

    /** The same by other ceilings. */
    PassRunner(ProgressListener progress, Timeline listener, Function<RunSpec, Ceilings> ceilings) {
        this.progress = progress;
        this.listener = listener;
        this.ceilings = ceilings;
    }

    /**
     * Checks that a run is possible: its prompt, its counts and its memory. Allocates nothing.
     *
     * @return the closed forms of the run
     * @throws dev.flopscope.config.BadDataException if the prompt does not suit the model
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     * @throws DoesNotFitException if the run needs more memory than there is
     */
    public static Account check(RunSpec spec) {
        return check(spec, TokenBatch.of(spec));
    }

    static Account check(RunSpec spec, TokenBatch tokens) {
        Account account = Account.of(spec.model(), spec.batch(), tokens.context(), spec.attention());
        MemoryEstimate.requireFits(spec, account, MemoryStatus.detect());
        return account;
    }

    /** The closed forms of what is decoded after the pass, if anything is. */
    static Optional<DecodeAccount> decoding(RunSpec spec, Account account) {
        return spec.decode().isEmpty()
                ? Optional.empty()
                : Optional.of(DecodeAccount.of(account, spec.decode().getAsInt()));
    }

    /**
     * Runs the pass that {@code spec} describes.
     *
     * @throws RuntimeException as {@link #check}
     */
    public RunResult run(RunSpec spec) {
        TokenBatch tokens = TokenBatch.of(spec);
        Account account = check(spec, tokens);
        Optional<DecodeAccount> decoding = decoding(spec, account);
        Optional<Ceilings> before = decoding.map(unused -> ceilings.apply(spec));
        long layers = spec.model().numLayers();

        long start = System.nanoTime();
        try (PreparedModel model = PreparedModel.prepare(spec, progress)) {
            Optional<DecodePasses> decode = decoding.map(expected -> new DecodePasses(model, spec, expected));
            MeasuredPass pass = new MeasuredPass(model, spec, tokens, listener, decode.map(DecodePasses::cache));
            pass.warmUp(MeasuredPass.WARM_UP_NANOSECONDS);
            decode.ifPresent(passes -> passes.warmUp(MeasuredPass.WARM_UP_NANOSECONDS));
            listener.measuring();
            long preparation = System.nanoTime() - start;
            MeasuredPass.Outcome outcome = pass.run(done -> progress.advanced(Phase.PASS, done, layers));

            Reconciliation reconciliation =
                    Reconciliation.of(account, outcome.counts(), sizes(spec.weights(), account, model));
            return new RunResult(
                    spec,
                    account,
                    reconciliation,
                    KindResult.all(account.kinds(), reconciliation, outcome.times()),
                    outcome.times(),
                    model.weights().allocated().total(),
                    outcome.wallNanoseconds(),
                    preparation,
                    NextToken.top(
                            outcome.logits(),
                            tokens.context() - 1L,
                            Math.min(PREDICTIONS, outcome.logits().columns())),
                    MachineInfo.detect(model.library(), spec.threads()),
                    MemoryStatus.peakResident(),
                    decode.map(passes -> decode(passes, outcome.logits(), before.orElseThrow(), spec)));
        }
    }

    private DecodeResult decode(DecodePasses passes, Matrix prompt, Ceilings before, RunSpec spec) {
        int tokens = passes.account().tokens();
        DecodePasses.Outcome outcome =
                passes.run(passes.likeliest(prompt), done -> progress.advanced(Phase.DECODING, done, tokens));
        return passes.result(outcome, before.faster(ceilings.apply(spec)));
    }

    /** What was allocated against its closed form, part by part. */
    static List<SizeCheck> sizes(WeightsMode mode, Account account, PreparedModel model) {
        ParameterAccount expected = account.parameters();
        ModelWeights.Allocated allocated = model.weights().allocated();
        return List.of(
                new SizeCheck("parameters.embedding", allocated.embedding(), expected.embedding()),
                new SizeCheck(
                        "parameters.blocks",
                        allocated.blocks(),
                        mode == WeightsMode.SHARED ? expected.block() : expected.blocks()),
                new SizeCheck("parameters.final_norm", allocated.finalNorm(), expected.finalNorm()),
                new SizeCheck("parameters.lm_head", allocated.lmHead(), expected.lmHead()),
                new SizeCheck(
                        "memory.activations_bytes",
                        model.activationsBytes(),
                        account.memory().activationsBytes()));
    }
}
