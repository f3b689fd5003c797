package dev.flopscope.run;

import dev.flopscope.SmallCeilings;
import dev.flopscope.TestModels;
import dev.flopscope.TestRuns;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.RunSpec;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.time.Timeline;
import java.util.function.UnaryOperator;

/** A small model with a name of ill will, profiled for real against ceilings by hand. */
public final class ProfiledModel {
    /** Markup, were it not escaped. */
    public static final String NAME =
            "</script><script>window.injected = true</script><img src=x onerror=\"injected=1\">&amp;";

    private ProfiledModel() {}

    /** Profiles it: 12 layers, 3 repetitions. */
    public static Measurement profiled() {
        return profiled(spec().build());
    }

    /** Profiles it, and 5 tokens after it. */
    public static Measurement decoded() {
        return profiled(spec().decode(5).build());
    }

    private static TestRuns spec() {
        return TestRuns.of(TestModels.builder(NAME)
                        .vocab(23)
                        .context(16)
                        .layers(12)
                        .dModel(12)
                        .heads(4)
                        .kvHeads(2)
                        .headDim(6)
                        .dFf(17)
                        .tied()
                        .build())
                .context(7);
    }

    private static Measurement profiled(RunSpec spec) {
        return measurer(ProgressListener.none(), Timeline.none()).profile(spec, Steadiness.within(1), 3);
    }

    /** Measures by the ceilings of {@link SmallCeilings}, on a machine that always does 100 GFLOP/s. */
    static Measurer measurer(ProgressListener progress, Timeline listener) {
        return new Measurer(instruments(progress, listener));
    }

    static Instruments instruments(ProgressListener progress, Timeline listener) {
        return new Instruments(
                progress,
                listener,
                run -> CpuBackend.start(run.engine(), run.threads()),
                run -> SmallCeilings.CEILINGS,
                (backend, memory) -> () -> 100,
                line -> {},
                UnaryOperator.identity());
    }
}
