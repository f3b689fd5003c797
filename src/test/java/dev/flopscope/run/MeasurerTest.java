package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallCeilings;
import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.TestRuns;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.profile.Limit;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class MeasurerTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    private static TestRuns run(ModelConfig model) {
        return TestRuns.of(model).batch(2).context(7);
    }

    private static Measurement profile(TestRuns run, int warmUp, int repetitions) {
        return profile(run.build(), ProgressListener.none(), warmUp, repetitions);
    }

    private static Measurement profile(RunSpec spec, ProgressListener progress, int warmUp, int repetitions) {
        return ProfiledModel.measurer(progress, Timeline.none()).profile(spec, Steadiness.within(warmUp), repetitions);
    }

    private static PhaseMeasurement decode(TestRuns run, int repetitions) {
        return profile(run, 1, repetitions).decode().orElseThrow();
    }

    /** Counts that were not started anew would grow from repetition to repetition. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void everyRepetitionIsCountedAloneAndAgrees(ModelConfig model) {
        Measurement measured = profile(run(model), 2, 3);
        PhaseMeasurement prompt = measured.prefill();
        assertThat(prompt.reconciliations()).hasSize(3).allMatch(Reconciliation::agrees);
        assertThat(measured.agrees()).isTrue();
        assertThat(prompt.profile(SmallCeilings.CEILINGS).products().flops())
                .isEqualTo(measured.account().prefill().flops());
        assertThat(prompt.warmUp().passes()).isEqualTo(2);
        assertThat(measured.calibration()).containsExactly(100.0, 100.0, 100.0);
        assertThat(measured.ceilings()).contains(SmallCeilings.CEILINGS);
        assertThat(measured.allocatedParameters())
                .isEqualTo(measured.account().parameters().total());
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void theTimesOfEveryRepetitionAddUpToItsWallTime(ModelConfig model) {
        Profile profile = profile(run(model), 0, 4).prefill().profile(SmallCeilings.CEILINGS);
        assertThat(profile.repetitions()).hasSize(4);
        for (Repetition repetition : profile.repetitions()) {
            assertThat(repetition.unexplainedNanoseconds()).isNotNegative();
            assertThat(repetition.times().waiting()).isNotNegative();
            assertThat(repetition.times().allProducts()
                            + repetition.times().allOperators()
                            + repetition.times().waiting()
                            + repetition.unexplainedNanoseconds())
                    .isEqualTo(repetition.wallNanoseconds());
        }
    }

    static Stream<Arguments> grid() {
        return SmallModels.ALL.stream()
                .flatMap(model -> Stream.of(1, 3)
                        .flatMap(batch -> Stream.of(1, 4, 7)
                                .flatMap(context -> Stream.of(1, 2, 5)
                                        .map(tokens -> Arguments.of(model, batch, context, tokens)))));
    }

    /** Counts that were not started anew, or a cache that did not go back, would grow from repetition to repetition. */
    @ParameterizedTest
    @MethodSource("grid")
    void everyDecodingIsCountedAloneAndAgrees(ModelConfig model, int batch, int context, int tokens) {
        Measurement measured =
                profile(TestRuns.of(model).batch(batch).context(context).decode(tokens), 0, 3);
        PhaseMeasurement decode = measured.decode().orElseThrow();
        assertThat(measured.agrees()).isTrue();
        assertThat(decode.disagreements()).isEmpty();
        assertThat(decode.reconciliations()).hasSize(3).allMatch(Reconciliation::agrees);
        assertThat(decode.repetitions()).allMatch(once -> once.stepNanoseconds().size() == tokens);
        PhaseAccount account = measured.account().decode().orElseThrow();
        Profile profile = decode.profile(SmallCeilings.CEILINGS);
        assertThat(profile.products().flops()).isEqualTo(account.flops());
        assertThat(profile.products().compulsoryBytes()).isEqualTo(decode.compulsoryBytes());
        if (model.firstBlock().feedForward() instanceof FeedForwardConfig.Experts && batch > 1) {
            // Sequences may share an expert, whose weights then move once; the closed form lets every row move its own.
            assertThat(decode.compulsoryBytes()).isLessThanOrEqualTo(account.compulsoryBytes());
        } else {
            assertThat(decode.compulsoryBytes()).isEqualTo(account.compulsoryBytes());
        }
        // Some virtual machines hide their caches, and then nothing is known to fit them.
        assertThat(profile.limit()).isEqualTo(Hardware.lastLevelCache().isPresent() ? Limit.CACHES : Limit.MEMORY);
    }

    @Test
    void everyRepetitionDecodesTheTokensThatOneRunDecodes() {
        TestRuns run = TestRuns.of(SmallModels.GROUPED).batch(2).context(5).decode(6);
        Measurement once =
                ProfiledModel.measurer(ProgressListener.none(), Timeline.none()).run(run.build());
        PhaseMeasurement decode = once.decode().orElseThrow();
        assertThat(decode.repetitions()).hasSize(1);
        assertThat(decode(run, 3).ids()).hasSize(3).containsOnly(decode.decoded());
    }

    /** The FLOPs of so long a prompt exceed 63 bits: whoever counted them first would say so. */
    @Test
    void aRunThatCannotFitIsRefusedBeforeItIsCounted() {
        RunSpec spec = TestRuns.of(TestModels.shipped("gpt2-xl"))
                .weights(WeightsMode.SHARED)
                .context(2_000_000_000)
                .build();
        assertThatThrownBy(() -> Measurer.check(spec)).isInstanceOf(DoesNotFitException.class);
    }

    /** A prompt in more chunks than there are closed forms for: of ids, which alone tell how many there are. */
    @Test
    void aPromptInTooManyChunksIsRefused() {
        int tokens = Phase.MOST_STEPS + 1;
        RunSpec spec = run(SmallModels.PLAIN)
                .context(2_000_000_000)
                .chunk(1)
                .prompt(new Prompt.Ids(Collections.nCopies(tokens, 1L), "a.ids"))
                .build();
        assertThatThrownBy(() -> Measurer.check(spec))
                .isInstanceOf(BadDataException.class)
                .hasMessage("a.ids: has 1,048,577 tokens, which --chunk 1 cuts into more than 1,048,576 chunks");
    }

    /** Without decoding, nobody asks what the machine reaches. */
    @Test
    void aRunIsOneRepetitionAndHasCeilingsOnlyWhereItDecodes() {
        Measurer measurer = ProfiledModel.measurer(ProgressListener.none(), Timeline.none());
        RunSpec spec = run(SmallModels.PLAIN).build();
        Measurement prompt = measurer.run(spec);
        assertThat(prompt.phases()).hasSize(1);
        assertThat(prompt.prefill().repetitions()).hasSize(1);
        assertThat(prompt.prefill().warmUp().passes()).isZero();
        assertThat(prompt.calibration()).isEmpty();
        assertThat(prompt.ceilings()).isEmpty();
        assertThat(prompt.nextTokens()).hasSize(5);
        assertThat(new Rehearsed(spec, prompt.prefill().account().phase(), false).missing(500_000_000))
                .isZero();
        assertThat(measurer.run(run(SmallModels.PLAIN).decode(1).build()).ceilings())
                .contains(SmallCeilings.CEILINGS);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void layersWithTheSameBlocksShareTheirWeightsIfAsked(ModelConfig model) {
        Measurement shared = profile(run(model).weights(WeightsMode.SHARED), 0, 1);
        assertThat(shared.agrees()).isTrue();
        assertThat(shared.allocatedParameters())
                .isEqualTo(shared.account().parameters().sharedTotal());
    }

    @Test
    void theTimesOfEveryDecodingAddUpToThoseOfItsTokens() {
        PhaseMeasurement decode =
                decode(TestRuns.of(SmallModels.GROUPED).batch(2).context(5).decode(6), 4);
        assertThat(decode.repetitions()).hasSize(4);
        for (Repetition repetition : decode.repetitions()) {
            assertThat(repetition.unexplainedNanoseconds()).isNotNegative();
            assertThat(repetition.times().waiting()).isNotNegative();
            assertThat(repetition.times().explained() + repetition.unexplainedNanoseconds())
                    .isEqualTo(repetition.wallNanoseconds())
                    .isEqualTo(repetition.stepNanoseconds().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        assertThat(decode.warmUp().passes()).isEqualTo(1);
        assertThat(decode.tokens()).isEqualTo(12);
    }

    @Test
    void aRepetitionThatDecodesOtherTokensDisagrees() {
        PhaseMeasurement sound =
                decode(TestRuns.of(SmallModels.PLAIN).context(5).decode(2), 2);
        List<List<List<Integer>>> ids = List.of(sound.decoded(), List.of(List.of(1, -1)));
        PhaseMeasurement planted = new PhaseMeasurement(
                sound.account(),
                sound.preparationNanoseconds(),
                sound.warmUp(),
                sound.repetitions(),
                sound.counts(),
                sound.reconciliations(),
                ids,
                sound.text(),
                sound.fromCaches());
        assertThat(planted.disagreements()).containsExactly("repetition 2 decoded other tokens than the first");
        assertThat(sound.disagreements()).isEmpty();
    }

    @Test
    void oneRepetitionThatDisagreesIsEnoughAndIsTheOneShown() {
        Measurement sound = profile(run(SmallModels.PLAIN), 0, 2);
        PhaseMeasurement prompt = sound.prefill();
        Map<MatmulSite, SiteCount> less = new TreeMap<>(prompt.counts());
        less.remove(MatmulSite.lmHead());
        Reconciliation faulty = Reconciliation.of(prompt.account(), less, List.of());
        PhaseMeasurement planted = new PhaseMeasurement(
                prompt.account(),
                prompt.preparationNanoseconds(),
                prompt.warmUp(),
                prompt.repetitions(),
                prompt.counts(),
                List.of(prompt.reconciliation(), faulty),
                prompt.ids(),
                prompt.text(),
                prompt.fromCaches());
        assertThat(planted.agrees()).isFalse();
        assertThat(planted.reconciliation()).isEqualTo(faulty);
    }

    @Test
    void progressEndsWhereItsTotalIs() {
        Map<Activity, long[]> last = new EnumMap<>(Activity.class);
        ProgressListener progress = (activity, done, total) -> last.put(activity, new long[] {done, total});
        RunSpec spec =
                TestRuns.of(SmallModels.GROUPED).context(5).chunk(2).decode(4).build();
        profile(spec, progress, 2, 3);
        assertThat(last.get(Activity.WEIGHTS)).containsExactly(2, 2);
        assertThat(last.get(Activity.WARM_UP)).containsExactly(12, 12);
        assertThat(last.get(Activity.PASSES)).containsExactly(18, 18);
        assertThat(last.get(Activity.DECODING_WARM_UP)).containsExactly(8, 8);
        assertThat(last.get(Activity.DECODING)).containsExactly(12, 12);
    }

    @Test
    void textThatWasAskedForIsAnsweredWithText() {
        ModelConfig model = TestModels.swiglu("gpt2", 50_257, 1, 8, 2, 16);
        TestRuns run = TestRuns.of(model).decode(3);
        PhaseMeasurement text = decode(run.prompt(new Prompt.Text("Hello world", "--prompt")), 1);
        assertThat(text.text()).isPresent();
        assertThat(decode(run.prompt(new Prompt.Ids(List.of(15496L, 995L), "--tokens")), 1)
                        .decoded())
                .isEqualTo(text.decoded());
        assertThat(decode(run.prompt(new Prompt.Ids(List.of(15496L, 995L), "--tokens")), 1)
                        .text())
                .isEmpty();
    }

    /** Each repetition of the prompt, and none of decoding. */
    @Test
    void theSpeedOfTheMachineIsMeasuredJustBeforeEachPrompt() {
        List<String> order = new ArrayList<>();
        ProgressListener progress = (activity, done, total) -> {
            if (order.isEmpty() || !order.get(order.size() - 1).equals(activity.label())) {
                order.add(activity.label());
            }
        };
        Instruments usual = ProfiledModel.instruments(progress, Timeline.none());
        Instruments noting = new Instruments(
                progress,
                usual.listener(),
                usual.backend(),
                spec -> {
                    order.add("ceilings");
                    return SmallCeilings.CEILINGS;
                },
                (backend, memory) -> () -> {
                    order.add("speed");
                    return 50;
                },
                usual.warn(),
                usual.forward());
        new Measurer(noting).profile(run(SmallModels.PLAIN).decode(2).build(), Steadiness.within(0), 2);
        assertThat(order)
                .containsExactly(
                        "ceilings",
                        "weights",
                        "speed",
                        "forward passes",
                        "speed",
                        "forward passes",
                        "decoding",
                        "ceilings");
    }
}
