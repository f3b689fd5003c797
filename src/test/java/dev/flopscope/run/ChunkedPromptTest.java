package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.time.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A prompt in chunks over the cache, and logits of its last token alone: other products, and the same next tokens. */
class ChunkedPromptTest {
    private static final int CONTEXT = 7;
    private static final int BATCH = 2;

    private static TestRuns run(ModelConfig model, Attention attention) {
        return TestRuns.of(model)
                .batch(BATCH)
                .context(CONTEXT)
                .attention(attention)
                .decode(3);
    }

    private static Measurement measure(TestRuns run) {
        return ProfiledModel.measurer(ProgressListener.none(), Timeline.none())
                .profile(run.build(), Steadiness.within(0), 2);
    }

    static Stream<Arguments> grid() {
        return SmallModels.ALL.stream()
                .flatMap(model -> Arrays.stream(Algorithm.values())
                        .map(how -> how == Algorithm.FULL ? Attention.full() : new Attention(how, 3, 4))
                        .map(attention -> Arguments.of(model, attention)));
    }

    @ParameterizedTest
    @MethodSource("grid")
    void chunksAreCountedByTheirClosedFormsAndEndInTheSameTokens(ModelConfig model, Attention attention) {
        Measurement whole = measure(run(model, attention));
        for (int chunk : List.of(1, 2, 3, 4, 6, 7, 100)) {
            Measurement chunked = measure(run(model, attention).chunk(chunk));

            assertThat(chunked.phases())
                    .allSatisfy(phase -> assertThat(phase.disagreements()).isEmpty());
            assertThat(chunked.prefill().typical().stepNanoseconds()).hasSize((CONTEXT + chunk - 1) / chunk);
            assertThat(chunked.prefill().countedFlops())
                    .isEqualTo(chunked.account().prefill().flops());
            assertSameTokens(chunked, whole);
        }
    }

    @ParameterizedTest
    @MethodSource("grid")
    void logitsOfTheLastTokenAloneAreTheSameAndTakeOneRowASequence(ModelConfig model, Attention attention) {
        Measurement whole = measure(run(model, attention));
        for (int chunk : List.of(3, 7)) {
            Measurement last = measure(run(model, attention).chunk(chunk).logits(LogitsRows.LAST));

            assertThat(last.phases())
                    .allSatisfy(phase -> assertThat(phase.disagreements()).isEmpty());
            assertThat(head(last).callsByShape())
                    .isEqualTo(Map.of(new MatmulShape(BATCH, model.dModel(), model.vocabSize()), 1L));
            assertSameTokens(last, whole);
        }
    }

    /** Sums in another order differ in their last bits. */
    private static void assertSameTokens(Measurement one, Measurement other) {
        assertThat(one.nextTokens()).hasSameSizeAs(other.nextTokens());
        for (int rank = 0; rank < one.nextTokens().size(); rank++) {
            assertThat(one.nextTokens().get(rank).probability())
                    .isCloseTo(other.nextTokens().get(rank).probability(), Offset.offset(1e-6));
        }
        assertThat(one.nextTokens().get(0).token())
                .isEqualTo(other.nextTokens().get(0).token());
        assertThat(one.decode().orElseThrow().decoded())
                .isEqualTo(other.decode().orElseThrow().decoded());
    }

    /** Of 7 tokens in chunks of 3, the last chunk is of one: its products are those of a decoded token. */
    @Test
    void theHeadOfAChunkedPromptIsMultipliedOnceAChunkUnlessTheLastTokenIsEnough() {
        Measurement all = measure(run(SmallModels.PLAIN, Attention.full()).chunk(3));
        assertThat(head(all).callsByShape())
                .isEqualTo(Map.of(new MatmulShape(6, 8, 11), 2L, new MatmulShape(2, 8, 11), 1L));
    }

    private static SiteCount head(Measurement measurement) {
        return Objects.requireNonNull(measurement.prefill().counts().get(MatmulSite.lmHead()));
    }
}
