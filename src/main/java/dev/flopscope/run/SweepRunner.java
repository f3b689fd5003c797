package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.run.MeasuredPass.Outcome;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Place;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepRow;
import dev.flopscope.time.Timeline;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures many passes one after the other. Weights are made once for each model and number of threads. Every repetition is
 * counted and held against its closed form; a pass that does not fit in memory is skipped, with the reason, and the rest
 * go on.
 */
public final class SweepRunner {
    private static final double NANOSECONDS = 1e9;

    private final ProgressListener progress;
    private final Place place;
    private final Clock clock;
    private final int repetitions;

    /**
     * Repeats passes.
     *
     * @param progress told how far each row has come
     * @param place where this runs
     * @param clock dates the rows
     * @param repetitions of each pass, after one that warms up
     */
    public SweepRunner(ProgressListener progress, Place place, Clock clock, int repetitions) {
        this.progress = progress;
        this.place = place;
        this.clock = clock;
        this.repetitions = repetitions;
    }

    /**
     * Measures {@code specs}, grouped by what their weights depend on, in their order otherwise.
     *
     * @param finished told of each row as soon as it is there
     */
    public void run(List<RunSpec> specs, Consumer<SweepRow> finished) {
        Map<WeightsKey, List<RunSpec>> groups = new LinkedHashMap<>();
        for (RunSpec spec : specs) {
            groups.computeIfAbsent(WeightsKey.of(spec), key -> new ArrayList<>())
                    .add(spec);
        }
        groups.values().forEach(group -> runGroup(group, finished));
    }

    /** Passes that read the same weights. Whether each fits is found out before the weights take their share. */
    private void runGroup(List<RunSpec> group, Consumer<SweepRow> finished) {
        Map<RunSpec, String> refused = refused(group);
        if (refused.size() == group.size()) {
            group.forEach(spec -> finished.accept(skipped(spec, String.valueOf(refused.get(spec)))));
            return;
        }
        List<RunSpec> left = new ArrayList<>(group);
        try (PreparedModel model = PreparedModel.prepare(group.get(0), progress)) {
            for (RunSpec spec : group) {
                String reason = refused.get(spec);
                SweepRow row = reason == null ? measured(spec, model) : skipped(spec, reason);
                left.remove(spec);
                finished.accept(row);
            }
        } catch (OutOfMemoryError e) {
            // The weights did not fit after all.
            left.forEach(spec -> finished.accept(skipped(spec, outOfMemory(e))));
        }
    }

    private static Map<RunSpec, String> refused(List<RunSpec> group) {
        Map<RunSpec, String> refused = new HashMap<>();
        for (RunSpec spec : group) {
            try {
                PassRunner.check(spec);
            } catch (DoesNotFitException e) {
                refused.put(spec, String.valueOf(e.getMessage()));
            }
        }
        return refused;
    }

    private SweepRow measured(RunSpec spec, PreparedModel model) {
        try {
            return row(spec, Optional.of(repeat(spec, model)), Optional.empty());
        } catch (OutOfMemoryError e) {
            return skipped(spec, outOfMemory(e));
        } finally {
            model.releaseActivations();
        }
    }

    private Measured repeat(RunSpec spec, PreparedModel model) {
        MemoryStatus.resetPeakResident();
        TokenBatch tokens = TokenBatch.of(spec);
        Account account = Account.of(spec.model(), spec.batch(), tokens.context(), spec.attention());
        MeasuredPass pass = new MeasuredPass(model, spec, tokens, Timeline.none(), Optional.empty());
        List<SizeCheck> sizes = PassRunner.sizes(spec.weights(), account, model);
        pass.warmUp(MeasuredPass.WARM_UP_NANOSECONDS);
        run(pass, spec, 0);

        List<Double> samples = new ArrayList<>();
        List<Reconciliation> reconciliations = new ArrayList<>();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            Outcome outcome = run(pass, spec, repetition);
            samples.add(outcome.wallNanoseconds() / NANOSECONDS);
            reconciliations.add(Reconciliation.of(account, outcome.counts(), sizes));
        }
        Reconciliation shown = reconciliations.stream()
                .filter(reconciliation -> !reconciliation.agrees())
                .findFirst()
                .orElse(reconciliations.get(0));
        return new Measured(
                shown.countedFlops(), shown.expectedFlops(), samples, shown.agrees(), MemoryStatus.peakResident());
    }

    private Outcome run(MeasuredPass pass, RunSpec spec, int repetition) {
        long layers = spec.model().numLayers();
        long total = layers * (repetitions + 1L);
        return pass.run(done -> progress.advanced(Phase.PASS, repetition * layers + done, total));
    }

    private SweepRow skipped(RunSpec spec, String reason) {
        return row(spec, Optional.empty(), Optional.of(reason));
    }

    private SweepRow row(RunSpec spec, Optional<Measured> measured, Optional<String> skipped) {
        return new SweepRow(
                SweepPoint.of(spec),
                place,
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                measured,
                skipped);
    }

    private static String outOfMemory(OutOfMemoryError error) {
        return "ran out of memory: "
                + String.valueOf(error.getMessage()).lines().findFirst().orElse("no message");
    }

    /** What a model's weights in memory depend on. */
    private record WeightsKey(ModelConfig model, WeightsMode weights, long seed, int threads, Engine engine) {
        static WeightsKey of(RunSpec spec) {
            return new WeightsKey(spec.model(), spec.weights(), spec.seed(), spec.threads(), spec.engine());
        }
    }
}
