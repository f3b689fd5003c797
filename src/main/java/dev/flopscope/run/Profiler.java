package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.MeasuredPass.Outcome;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Runs one pass until it is steady, and then several times more, counted, timed and held against its closed form; and after
 * that, if tokens are to be decoded, the same with them.
 */
public final class Profiler {
    private final ProgressListener progress;
    private final Timeline listener;
    private final Function<RunSpec, Ceilings> ceilings;
    private final Function<PreparedModel, DoubleSupplier> yardstick;

    /**
     * Profiles by the ceilings of this machine, measured before and after everything, telling {@code progress}, and {@code
     * listener} of every span in the passes.
     */
    public Profiler(ProgressListener progress, Timeline listener) {
        this(progress, listener, spec -> Hardware.ceilings(spec, progress), model -> model.yardstick()::sample);
    }

    /** The same by other ceilings and another yardstick. */
    Profiler(
            ProgressListener progress,
            Timeline listener,
            Function<RunSpec, Ceilings> ceilings,
            Function<PreparedModel, DoubleSupplier> yardstick) {
        this.progress = progress;
        this.listener = listener;
        this.ceilings = ceilings;
        this.yardstick = yardstick;
    }

    /**
     * Profiles the pass that {@code spec} describes, and what is decoded after it.
     *
     * @param warmUp when passes are warm, and decoding is
     * @param repetitions how many are measured after that, at least 1
     * @throws RuntimeException as {@link PassRunner#check}
     */
    public ProfileResult profile(RunSpec spec, Steadiness warmUp, int repetitions) {
        Instant began = Instant.now();
        TokenBatch tokens = TokenBatch.of(spec);
        Account account = PassRunner.check(spec, tokens);
        Optional<DecodeAccount> decoding = PassRunner.decoding(spec, account);
        Ceilings before = ceilings.apply(spec);
        long layers = spec.model().numLayers();

        long start = System.nanoTime();
        try (PreparedModel model = PreparedModel.prepare(spec, progress)) {
            Optional<DecodePasses> decode = decoding.map(expected -> new DecodePasses(model, spec, expected));
            MeasuredPass pass = new MeasuredPass(model, spec, tokens, listener, decode.map(DecodePasses::cache));
            long preparation = System.nanoTime() - start;
            List<SizeCheck> sizes = PassRunner.sizes(spec.weights(), account, model);
            Measured measured =
                    measure(pass, yardstick.apply(model), decode, layers, new Repeater(progress, warmUp, repetitions));
            Ceilings reached = before.faster(ceilings.apply(spec));
            return new ProfileResult(
                    spec,
                    account,
                    measured.passes().stream()
                            .map(outcome -> Reconciliation.of(account, outcome.counts(), sizes))
                            .toList(),
                    measured.profile(reached),
                    measured.speeds(),
                    model.weights().allocated().total(),
                    preparation,
                    MachineInfo.detect(model.library(), spec.threads()),
                    MemoryStatus.peakResident(),
                    began,
                    measured.decoded().map(decoded -> decoded.against(reached)));
        }
    }

    private Measured measure(
            MeasuredPass pass, DoubleSupplier speed, Optional<DecodePasses> decode, long layers, Repeater repeater) {
        WarmUp warmUp =
                repeater.warmUp(Phase.WARM_UP, layers, told -> pass.run(told).wallNanoseconds());
        listener.measuring();
        List<Double> speeds = new ArrayList<>();
        List<Outcome> passes = repeater.measure(Phase.REPETITIONS, layers, told -> {
            speeds.add(speed.getAsDouble());
            return pass.run(told);
        });
        Matrix prompt = passes.get(passes.size() - 1).logits();
        return new Measured(
                warmUp, speeds, passes, decode.map(tokens -> DecodeRepetitions.of(tokens, prompt, repeater)));
    }

    /** The warm-up, the passes after it with the machine's speed before each, and what was decoded after those. */
    private record Measured(
            WarmUp warmUp, List<Double> speeds, List<Outcome> passes, Optional<DecodeRepetitions> decoded) {
        /** Counts are the first repetition's: where another's differ, the reconciliation says so. */
        Profile profile(Ceilings ceilings) {
            return new Profile(
                    passes.get(0).counts(),
                    passes.stream().map(Outcome::repetition).toList(),
                    warmUp,
                    ceilings);
        }
    }
}
