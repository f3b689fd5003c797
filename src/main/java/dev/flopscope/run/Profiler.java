package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.ceiling.Yardstick;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.MeasuredPass.Outcome;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.time.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** Runs one pass until it is steady, and then several times more, counted, timed and held against its closed form. */
public final class Profiler {
    private final ProgressListener progress;
    private final Timeline listener;
    private final Function<RunSpec, Ceilings> ceilings;

    /**
     * Profiles by the ceilings of this machine, measured before and after the passes, telling {@code progress}, and {@code
     * listener} of every span in the passes.
     */
    public Profiler(ProgressListener progress, Timeline listener) {
        this(progress, listener, spec -> Hardware.ceilings(spec, progress));
    }

    /** The same by other ceilings. */
    Profiler(ProgressListener progress, Timeline listener, Function<RunSpec, Ceilings> ceilings) {
        this.progress = progress;
        this.listener = listener;
        this.ceilings = ceilings;
    }

    /**
     * Profiles the pass that {@code spec} describes.
     *
     * @param warmUp when passes are warm
     * @param repetitions how many are measured after that, at least 1
     * @throws RuntimeException as {@link PassRunner#check}
     */
    public ProfileResult profile(RunSpec spec, Steadiness warmUp, int repetitions) {
        Instant began = Instant.now();
        TokenBatch tokens = TokenBatch.of(spec);
        Account account = PassRunner.check(spec, tokens);
        Ceilings before = ceilings.apply(spec);
        long layers = spec.model().numLayers();

        long start = System.nanoTime();
        try (PreparedModel model = PreparedModel.prepare(spec, progress)) {
            MeasuredPass pass = new MeasuredPass(model, spec, tokens, listener, Optional.empty());
            long preparation = System.nanoTime() - start;
            List<SizeCheck> sizes = PassRunner.sizes(spec.weights(), account, model);
            Yardstick yardstick = model.yardstick();
            WarmUp warm = warmUp(pass, warmUp, layers);
            yardstick.sample();
            listener.measuring();
            List<Double> speeds = new ArrayList<>();
            List<Outcome> outcomes = measure(pass, repetitions, layers, () -> speeds.add(yardstick.sample()));
            return new ProfileResult(
                    spec,
                    account,
                    outcomes.stream()
                            .map(outcome -> Reconciliation.of(account, outcome.counts(), sizes))
                            .toList(),
                    profile(outcomes, warm, before.faster(ceilings.apply(spec))),
                    speeds,
                    model.weights().allocated().total(),
                    preparation,
                    MachineInfo.detect(model.library(), spec.threads()),
                    MemoryStatus.peakResident(),
                    began);
        }
    }

    private WarmUp warmUp(MeasuredPass pass, Steadiness steadiness, long layers) {
        List<Long> walls = new ArrayList<>();
        while (!steadiness.enough(walls)) {
            long before = walls.size() * layers;
            walls.add(pass.run(done -> progress.advanced(Phase.WARM_UP, before + done, steadiness.most() * layers))
                    .wallNanoseconds());
        }
        return steadiness.verdict(walls);
    }

    private List<Outcome> measure(MeasuredPass pass, int repetitions, long layers, Runnable beforeEach) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            long before = repetition * layers;
            beforeEach.run();
            outcomes.add(pass.run(done -> progress.advanced(Phase.REPETITIONS, before + done, repetitions * layers)));
        }
        return outcomes;
    }

    /** Counts are the first repetition's: where another's differ, the reconciliation says so. */
    private static Profile profile(List<Outcome> outcomes, WarmUp warmUp, Ceilings ceilings) {
        SortedMap<MatmulSite, SiteCount> counts = outcomes.get(0).counts();
        return new Profile(
                counts,
                outcomes.stream()
                        .map(outcome -> new Repetition(
                                outcome.times(), outcome.wallNanoseconds(), outcome.garbageCollectionNanoseconds()))
                        .toList(),
                warmUp,
                ceilings);
    }
}
