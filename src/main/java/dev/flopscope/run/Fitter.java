package dev.flopscope.run;

import dev.flopscope.audit.FormCheck;
import dev.flopscope.config.Attention;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.fit.Fit;
import dev.flopscope.fit.Fit.Counted;
import dev.flopscope.fit.KindFit;
import dev.flopscope.fit.SmallModels;
import dev.flopscope.fit.SmallRun;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.flops.ProductForm;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.time.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Executes small models of a model's traits, and recovers from what was counted in them the formula of each product. */
public final class Fitter {
    private static final long SEED = 1;
    private static final double NANOSECONDS = 1e9;
    /** Small models have as few tokens as this, so that causal attention has several tiles to skip. */
    private static final int TILE = 2;

    private final Instruments instruments;
    private final ProgressListener progress;
    private final Engine engine;
    private final int threads;

    /** Executes with {@code engine} and {@code threads} threads, telling {@code progress}. */
    public Fitter(ProgressListener progress, Engine engine, int threads) {
        // A small model is made in no time; what is told is how many there were.
        this(
                Instruments.ofThisMachine(ProgressListener.none(), Timeline.none(), line -> {}),
                progress,
                engine,
                threads);
    }

    /** Executes by {@code instruments}, telling {@code progress}. */
    Fitter(Instruments instruments, ProgressListener progress, Engine engine, int threads) {
        this.instruments = instruments;
        this.progress = progress;
        this.engine = engine;
        this.threads = threads;
    }

    /**
     * Recovers the formulas of every product.
     *
     * @param model the model
     * @param context T, at which the recovered formulas are held against the closed forms as numbers
     * @param decode tokens decoded after the prompt, with formulas of their own; if empty, none
     * @param algorithm how attention is computed; tiles are of 2×2 scores
     * @throws dev.flopscope.config.BadDataException if models of its type are not executed
     * @throws ArithmeticException if a count at the model's size exceeds 2⁶³−1
     */
    public FitResult fit(ModelConfig model, int context, OptionalInt decode, Attention.Algorithm algorithm) {
        Measurer.requireExecuted(model);
        Instant began = Instant.now();
        long start = System.nanoTime();
        Attention attention =
                algorithm == Attention.Algorithm.FULL ? Attention.full() : new Attention(algorithm, TILE, TILE);
        Account account =
                Account.of(model, Phase.of(1, context, OptionalInt.empty(), decode, LogitsRows.ALL), attention);
        List<BlockFit> blocks = new ArrayList<>();
        model.layersByBlock().forEach((block, layers) -> {
            Fit fit = Fit.of(
                    new SmallModels(model, block, decode.isPresent()),
                    run -> counted(run, attention),
                    (done, total) -> progress.advanced(Activity.SMALL_MODELS, done, total));
            blocks.add(new BlockFit(block, layers, fit.passes(), phases(fit, account, block, layers)));
        });
        return new FitResult(
                model,
                context,
                attention,
                blocks,
                engine,
                Hardware.inUse(engine, threads),
                began,
                (System.nanoTime() - start) / NANOSECONDS);
    }

    private Map<Counted, Long> counted(SmallRun run, Attention attention) {
        RunSpec spec = new RunSpec(
                run.model(),
                run.batch(),
                OptionalInt.of(run.tokens()),
                OptionalInt.empty(),
                run.decode(),
                LogitsRows.ALL,
                attention,
                new Prompt.Seeded(),
                WeightsMode.SHARED,
                SEED,
                engine,
                threads);
        Map<Counted, Long> flops = new LinkedHashMap<>();
        try (Session session = Session.open(spec, instruments)) {
            for (PhaseMeasurement phase :
                    session.measure(spec, Sampling.uncompiled()).phases()) {
                phase.counts()
                        .forEach((site, count) -> flops.merge(
                                new Counted(phase.account().phase().name(), site.kind()),
                                count.flops(),
                                Math::addExact));
            }
        }
        return flops;
    }

    private static List<PhaseFit> phases(Fit fit, Account account, BlockConfig block, int layers) {
        Map<String, Long> sizes = fit.models()
                .sizes(
                        account.batch(),
                        account.context(),
                        account.decode().map(phase -> phase.phase().tokens()).orElse(0),
                        layers);
        List<PhaseFit> phases = new ArrayList<>();
        for (PhaseAccount phase : account.phases()) {
            List<ProductForm> forms =
                    forms(phase, account.model().blocks().indexOf(block)).toList();
            List<FormCheck> checks = fit.kinds().stream()
                    .filter(kind -> kind.phase() == phase.phase().name())
                    .map(kind -> check(kind, forms, layers, sizes))
                    .toList();
            phases.add(new PhaseFit(phase.phase().name(), checks));
        }
        return phases;
    }

    private static FormCheck check(KindFit kind, List<ProductForm> forms, int layers, Map<String, Long> sizes) {
        ProductForm form = forms.stream()
                .filter(candidate -> candidate.kind() == kind.kind())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no closed form of " + kind.kind()));
        return FormCheck.of(form, kind.kind().inEveryLayer() ? layers : 1, kind.found(), sizes);
    }

    private static Stream<ProductForm> forms(PhaseAccount phase, int layer) {
        return Stream.concat(phase.layers().get(layer).stream(), phase.head().stream());
    }
}
