package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallCeilings;
import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.profile.Limit;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Samples;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DecodeProfileTest {
    private static final int TOKENS = 3;

    private static RunSpec spec(ModelConfig model, int batch, int context, int tokens) {
        return new RunSpec(
                        model,
                        batch,
                        OptionalInt.of(context),
                        2,
                        1,
                        WeightsMode.FULL,
                        new Attention(Algorithm.TILED, 3, 4),
                        Engine.OPENBLAS,
                        new Prompt.Seeded())
                .decoding(OptionalInt.of(tokens));
    }

    private static ProfileResult profile(RunSpec spec, int warmUp, int repetitions) {
        return new Profiler(
                        ProgressListener.none(),
                        Timeline.none(),
                        unused -> SmallCeilings.CEILINGS,
                        prepared -> () -> 100)
                .profile(spec, Steadiness.within(warmUp), repetitions);
    }

    private static DecodeProfile decode(RunSpec spec, int repetitions) {
        return profile(spec, 1, repetitions).decode().orElseThrow();
    }

    static Stream<Arguments> grid() {
        return SmallModels.ALL.stream()
                .flatMap(model -> Stream.of(1, 2, 3)
                        .flatMap(batch -> Stream.of(1, 4, 7)
                                .flatMap(context -> Stream.of(1, 2, 5)
                                        .map(tokens -> Arguments.of(model, batch, context, tokens)))));
    }

    /** Counts that were not started anew, or a cache that did not go back, would grow from repetition to repetition. */
    @ParameterizedTest
    @MethodSource("grid")
    void everyDecodingIsCountedAloneAndAgrees(ModelConfig model, int batch, int context, int tokens) {
        ProfileResult result = profile(spec(model, batch, context, tokens), 0, 3);
        DecodeProfile decode = result.decode().orElseThrow();
        assertThat(result.agrees()).isTrue();
        assertThat(decode.disagreements()).isEmpty();
        assertThat(decode.results()).hasSize(3).allMatch(DecodeResult::agrees);
        DecodeAccount account = DecodeAccount.of(result.account(), tokens);
        assertThat(decode.profile().products().flops()).isEqualTo(account.flops());
        assertThat(decode.profile().products().bytes()).isEqualTo(account.leastBytes());
    }

    @Test
    void everyRepetitionDecodesTheTokensThatOneRunDecodes() {
        RunSpec spec = spec(SmallModels.GROUPED, 2, 5, 6);
        DecodeResult once = new PassRunner(ProgressListener.none(), Timeline.none(), unused -> SmallCeilings.CEILINGS)
                .run(spec)
                .decode()
                .orElseThrow();
        assertThat(decode(spec, 3).results()).extracting(DecodeResult::ids).containsOnly(once.ids());
    }

    @Test
    void theTimesOfEveryDecodingAddUpToThoseOfItsTokens() {
        DecodeProfile decode = decode(spec(SmallModels.GROUPED, 2, 5, 6), 4);
        Profile profile = decode.profile();
        for (int index = 0; index < 4; index++) {
            Repetition repetition = profile.repetitions().get(index);
            assertThat(repetition.unexplainedNanoseconds()).isNotNegative();
            assertThat(repetition.times().waiting()).isNotNegative();
            assertThat(repetition.times().explained() + repetition.unexplainedNanoseconds())
                    .isEqualTo(repetition.wallNanoseconds())
                    .isEqualTo(decode.results().get(index).wallNanoseconds());
        }
        assertThat(decode.typical().wallNanoseconds())
                .isEqualTo(profile.wall().median())
                .isEqualTo(profile.tree().nanoseconds());
        assertThat(profile.warmUp().passes()).isEqualTo(1);
        assertThat(profile.limit()).isEqualTo(Limit.CACHES);
    }

    @Test
    void eachTokenHasTheSamplesOfItsPosition() {
        DecodeProfile decode = decode(spec(SmallModels.PLAIN, 1, 5, 2), 3);
        List<Samples> tokens = decode.tokens();
        assertThat(tokens).hasSize(2);
        for (int repetition = 0; repetition < 3; repetition++) {
            assertThat(List.of(
                            tokens.get(0).nanoseconds().get(repetition),
                            tokens.get(1).nanoseconds().get(repetition)))
                    .isEqualTo(decode.results().get(repetition).tokenNanoseconds());
        }
    }

    /** Above the interceptor, as if the decoder were wrong: the second of three decodings does one product twice. */
    @Test
    void aProductDoneTwiceInOneDecodingIsNamed() {
        MatmulSite up = new MatmulSite(MatmulKind.FFN_UP, 1);
        DecodeProfile decode = planted(counted -> {
            List<MatmulSite> heads = new ArrayList<>();
            return (site, left, right, rightIs, result) -> {
                counted.multiply(site, left, right, rightIs, result);
                if (site.equals(MatmulSite.lmHead())) {
                    heads.add(site);
                }
                if (site.equals(up) && heads.size() == TOKENS) {
                    counted.multiply(site, left, right, rightIs, result);
                }
            };
        });
        assertThat(decode.results()).extracting(DecodeResult::agrees).containsExactly(true, false, true);
        assertThat(decode.agrees()).isFalse();
        assertThat(decode.disagreements())
                .hasSize(2)
                .anySatisfy(
                        line -> assertThat(line)
                                .startsWith(
                                        "layers.1.ffn_up: counted 1,632 FLOPs, expected 1,224, factor 1.3333; products: 4 of 1×12×17;"))
                .anySatisfy(line -> assertThat(line).startsWith("least bytes: "));
    }

    /** Counts and bytes add up to what they should be, and two sites are wrong. */
    @Test
    void productsUnderEachOthersNamesAreNamedThoughTheTotalIsRight() {
        DecodeProfile decode = planted(counted -> (site, left, right, rightIs, result) -> counted.multiply(
                site.kind() == MatmulKind.K_PROJ ? new MatmulSite(MatmulKind.V_PROJ, site.layer()) : site,
                left,
                right,
                rightIs,
                result));
        assertThat(decode.profile().products().flops())
                .isEqualTo(decode.typical().account().flops());
        assertThat(decode.disagreements())
                .hasSize(4)
                .allMatch(line -> line.contains("k_proj") || line.contains("v_proj"));
    }

    private static DecodeProfile planted(UnaryOperator<Matmul> fault) {
        RunSpec spec = spec(SmallModels.GROUPED, 1, 5, TOKENS);
        DecodeAccount expected =
                PassRunner.decoding(spec, PassRunner.check(spec)).orElseThrow();
        try (PreparedModel model = PreparedModel.prepare(
                spec.model(), spec.weights(), spec.seed(), spec.threads(), spec.engine(), done -> {})) {
            DecodePasses passes = new DecodePasses(model, spec, expected, fault);
            MeasuredPass pass =
                    new MeasuredPass(model, spec, TokenBatch.of(spec), Timeline.none(), Optional.of(passes.cache()));
            Repeater repeater = new Repeater(ProgressListener.none(), Steadiness.within(0), 3);
            return DecodeRepetitions.of(passes, pass.run(done -> {}).logits(), repeater)
                    .against(SmallCeilings.CEILINGS);
        }
    }

    @Test
    void aRepetitionThatDecodesOtherTokensDisagrees() {
        DecodeProfile sound = decode(spec(SmallModels.PLAIN, 1, 5, 2), 2);
        DecodeResult first = sound.results().get(0);
        DecodeResult other = new DecodeResult(
                first.account(),
                first.reconciliation(),
                first.kinds(),
                first.times(),
                first.tokenNanoseconds(),
                List.of(List.of(1, -1)),
                first.text(),
                first.ceilings(),
                first.fromCaches());
        DecodeProfile planted = new DecodeProfile(List.of(first, other), sound.profile());
        assertThat(planted.disagreements()).containsExactly("repetition 2 decoded other tokens than the first");
    }

    /** What decides the exit code. */
    @Test
    void aDisagreementOfDecodingAloneIsOneOfTheProfile() {
        ProfileResult sound = profile(spec(SmallModels.GROUPED, 1, 5, TOKENS), 0, 3);
        DecodeProfile faulty = planted(counted -> (site, left, right, rightIs, result) -> {
            if (!site.equals(MatmulSite.lmHead())) {
                counted.multiply(site, left, right, rightIs, result);
            }
        });
        ProfileResult planted = new ProfileResult(
                sound.spec(),
                sound.account(),
                sound.reconciliations(),
                sound.profile(),
                sound.yardstick(),
                sound.allocatedParameters(),
                sound.preparationNanoseconds(),
                sound.machine(),
                sound.peakResidentBytes(),
                sound.began(),
                Optional.of(faulty));
        assertThat(sound.agrees()).isTrue();
        assertThat(planted.reconciliation().agrees()).isTrue();
        assertThat(planted.agrees()).isFalse();
    }

    @Test
    void progressEndsWhereItsTotalIs() {
        Map<Phase, long[]> last = new EnumMap<>(Phase.class);
        ProgressListener progress = (phase, done, total) -> last.put(phase, new long[] {done, total});
        new Profiler(progress, Timeline.none(), unused -> SmallCeilings.CEILINGS, prepared -> () -> 100)
                .profile(spec(SmallModels.GROUPED, 1, 5, 4), Steadiness.within(2), 3);
        assertThat(last.get(Phase.REPETITIONS)).containsExactly(6, 6);
        assertThat(last.get(Phase.DECODING_WARM_UP)).containsExactly(8, 8);
        assertThat(last.get(Phase.DECODING)).containsExactly(12, 12);
    }
}
