package dev.flopscope.run;

import dev.flopscope.SmallCeilings;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.time.Timeline;
import java.util.OptionalInt;

/** A small model with a name of ill will, profiled for real against ceilings by hand. */
public final class ProfiledModel {
    /** Markup, were it not escaped. */
    public static final String NAME =
            "</script><script>window.injected = true</script><img src=x onerror=\"injected=1\">&amp;";

    private ProfiledModel() {}

    /** Profiles it: 12 layers, 3 repetitions. */
    public static ProfileResult profiled() {
        return profiled(OptionalInt.empty());
    }

    /** The same, and 5 tokens after it. */
    public static ProfileResult decoded() {
        return profiled(OptionalInt.of(5));
    }

    private static ProfileResult profiled(OptionalInt tokens) {
        RunSpec spec = new RunSpec(
                new ModelConfig(NAME, 23, 16, 12, 12, 4, 2, 6, 17, true, FeedForward.SWIGLU, 10_000, 1e-5),
                1,
                OptionalInt.of(7),
                2,
                1,
                WeightsMode.FULL,
                new Attention(Algorithm.TILED, 3, 4),
                Engine.OPENBLAS,
                new Prompt.Seeded());
        return new Profiler(
                        ProgressListener.none(),
                        Timeline.none(),
                        unused -> SmallCeilings.CEILINGS,
                        prepared -> () -> 100)
                .profile(spec.decoding(tokens), Steadiness.within(1), 3);
    }
}
