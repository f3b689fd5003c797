package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallCeilings;
import dev.flopscope.SmallModels;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.time.Timeline;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ProfilerTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    private static RunSpec spec(ModelConfig model) {
        return new RunSpec(
                model,
                2,
                OptionalInt.of(7),
                2,
                1,
                WeightsMode.FULL,
                new Attention(Algorithm.TILED, 3, 4),
                Engine.OPENBLAS,
                new Prompt.Seeded());
    }

    private static ProfileResult profile(ModelConfig model, int warmUp, int repetitions) {
        return new Profiler(
                        ProgressListener.none(), Timeline.none(), spec -> SmallCeilings.CEILINGS, prepared -> () -> 100)
                .profile(spec(model), Steadiness.within(warmUp), repetitions);
    }

    /** Counts that were not started anew would grow from repetition to repetition. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void everyRepetitionIsCountedAloneAndAgrees(ModelConfig model) {
        ProfileResult result = profile(model, 2, 3);
        assertThat(result.reconciliations()).hasSize(3).allMatch(Reconciliation::agrees);
        assertThat(result.agrees()).isTrue();
        assertThat(result.profile().products().flops())
                .isEqualTo(result.account().flops());
        assertThat(result.profile().warmUp().passes()).isEqualTo(2);
        assertThat(result.yardstick()).containsExactly(100.0, 100.0, 100.0);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void theTimesOfEveryRepetitionAddUpToItsWallTime(ModelConfig model) {
        Profile profile = profile(model, 0, 4).profile();
        assertThat(profile.repetitions()).hasSize(4);
        for (Repetition repetition : profile.repetitions()) {
            assertThat(repetition.unexplainedNanoseconds()).isNotNegative();
            assertThat(repetition.times().waiting()).isNotNegative();
            assertThat(repetition.times().allProducts()
                            + repetition.times().allSteps()
                            + repetition.times().waiting()
                            + repetition.unexplainedNanoseconds())
                    .isEqualTo(repetition.wallNanoseconds());
        }
        assertThat(profile.tree().nanoseconds())
                .isEqualTo(profile.treeOfOneLayer().nanoseconds())
                .isEqualTo(profile.wall().median());
        assertThat(profile.tree().flops()).isEqualTo(profile.products().flops());
    }

    @Test
    void oneRepetitionThatDisagreesIsEnoughAndIsTheOneShown() {
        ProfileResult sound = profile(SmallModels.PLAIN, 0, 2);
        Map<MatmulSite, SiteCount> less = new TreeMap<>(sound.profile().counts());
        less.remove(MatmulSite.lmHead());
        Reconciliation faulty = Reconciliation.of(sound.account(), less, List.of());
        ProfileResult planted = new ProfileResult(
                sound.spec(),
                sound.account(),
                List.of(sound.reconciliation(), faulty),
                sound.profile(),
                sound.yardstick(),
                sound.allocatedParameters(),
                sound.preparationNanoseconds(),
                sound.machine(),
                sound.peakResidentBytes(),
                sound.began(),
                sound.decode());
        assertThat(planted.agrees()).isFalse();
        assertThat(planted.reconciliation()).isEqualTo(faulty);
    }

    @Test
    void progressEndsWhereItsTotalIs() {
        Map<Phase, long[]> last = new EnumMap<>(Phase.class);
        ProgressListener progress = (phase, done, total) -> last.put(phase, new long[] {done, total});
        new Profiler(progress, Timeline.none(), spec -> SmallCeilings.CEILINGS, prepared -> () -> 100)
                .profile(spec(SmallModels.GROUPED), Steadiness.within(1), 3);
        assertThat(last.get(Phase.WARM_UP)).containsExactly(2, 2);
        assertThat(last.get(Phase.REPETITIONS)).containsExactly(6, 6);
    }
}
