package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.TestRuns;
import dev.flopscope.backend.cuda.CudaFootprint;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.machine.MemoryStatus;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final ModelConfig XL = TestModels.shipped("gpt2-xl");

    @Test
    void xlAt16384TokensFitsIn24Gibibytes() {
        assertThatCode(() -> require(XL, 16_384, WeightsMode.FULL, 24 * GIB)).doesNotThrowAnyException();
    }

    /** Of a GPU's memory: the scores of one head are there whole. */
    @Test
    void xlAt16384TokensFitsIn24GibibytesOfAGpu() {
        RunSpec spec = TestRuns.of(XL)
                .context(16_384)
                .attention(Attention.full())
                .engine(Engine.CUDA)
                .build();
        MemoryEstimate estimate = MemoryEstimate.of(spec, 16_384, 0, new CudaFootprint());
        assertThat(estimate.totalBytes().longValueExact()).isBetween(12 * GIB, 24 * GIB);
    }

    @Test
    void exactlyWhatIsNeededIsEnoughAndOneByteLessIsNot() {
        long needed = needed(XL, 1024);

        assertThatCode(() -> require(XL, 1024, WeightsMode.FULL, needed)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require(XL, 1024, WeightsMode.FULL, needed - 1))
                .isInstanceOf(DoesNotFitException.class);
    }

    @Test
    void refusalQuotesWhatIsNeededWhatThereIsAndThatSharedWeightsFit() {
        assertThatThrownBy(() -> require(XL, 1024, WeightsMode.FULL, 4 * GIB))
                .isInstanceOf(DoesNotFitException.class)
                .hasMessageStartingWith("gpt2-xl with batch 1 and context 1,024 needs ")
                .hasMessageContaining("(weights 7.9")
                .hasMessageContaining("; 4.00 GiB of this machine's 32.00 GiB are available; ")
                .hasMessageEndingWith("--weights shared would fit")
                .message()
                .hasLineCount(1);
    }

    @Test
    void contextThatIsOfferedIsTheLongestThatFits() {
        int offered = offered(refusal(16_384, WeightsMode.SHARED, 2 * GIB), "; --context (\\d+) would fit");

        assertThatCode(() -> require(XL, offered, WeightsMode.SHARED, 2 * GIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require(XL, offered + 1, WeightsMode.SHARED, 2 * GIB))
                .isInstanceOf(DoesNotFitException.class);
    }

    @Test
    void bothOptionsAreOfferedWhereOneIsNotEnough() {
        int offered =
                offered(refusal(16_384, WeightsMode.FULL, 2 * GIB), "; --weights shared --context (\\d+) would fit");

        assertThatCode(() -> require(XL, offered, WeightsMode.SHARED, 2 * GIB)).doesNotThrowAnyException();
    }

    /**
     * 2·48·1,600 floats a position: half a GiB is 873 positions; the prompt takes 100 of them, and generated code for the shapes
     * of tokens as much as 80.
     */
    @Test
    void tokensThatAreDecodedAreFewerWhereTheirCacheDoesNotFit() {
        long without = total(MemoryEstimate.of(run(XL, 100, WeightsMode.SHARED), 100));
        int offered = offered(refusal(decoding(1_000_000), without + GIB / 2), "; --decode (\\d+) would fit");

        assertThat(offered).isBetween(600, 773);
        assertThatCode(() -> require(decoding(offered), without + GIB / 2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require(decoding(offered + 1), without + GIB / 2))
                .isInstanceOf(DoesNotFitException.class)
                .hasMessageContaining("context 100 and " + (offered + 1) + " tokens to decode needs ")
                .hasMessageContaining(", KV cache 0.4");
    }

    private static RunSpec decoding(int tokens) {
        return TestRuns.of(XL)
                .weights(WeightsMode.SHARED)
                .context(100)
                .decode(tokens)
                .build();
    }

    /** Of the 92 GiB that all logits need, logits are 75. */
    @Test
    void logitsOfTheLastTokenAreOfferedBeforeAShorterContext() {
        RunSpec all = TestRuns.of(TestModels.shipped("gpt2-small"))
                .attention(Attention.of(Attention.Algorithm.TILED))
                .context(400_000)
                .build();

        assertThat(refusal(all, 20 * GIB)).endsWith("; --logits last would fit").hasLineCount(1);
        assertThat(refusal(all, 17 * GIB)).doesNotEndWith("; --logits last would fit");
    }

    @Test
    void logitsOfTheLastTokenAreOfferedWithSharedWeightsWhereNeitherIsEnough() {
        TestRuns run = TestRuns.of(XL).attention(Attention.full()).context(16_384);
        RunSpec all = run.build();
        RunSpec less = run.logits(LogitsRows.LAST).weights(WeightsMode.SHARED).build();
        long enough = total(MemoryEstimate.of(less, 16_384));

        assertThat(refusal(all, enough)).endsWith("; --logits last --weights shared would fit");
        assertThat(refusal(all, enough - 1)).contains("; --weights shared --context ");
    }

    /** The activations of all 16,384 tokens are 0.6 GiB without logits; the cache that chunks need is 0.19 GiB. */
    @Test
    void aSmallerChunkIsOfferedWhereTheCacheTakesLessThanTheActivations() {
        ModelConfig shallow = TestModels.builder("shallow")
                .vocab(50_257)
                .context(16_384)
                .layers(2)
                .dModel(768)
                .heads(12)
                .dFf(3072)
                .build();
        TestRuns run = TestRuns.of(shallow).context(16_384).logits(LogitsRows.LAST);
        long enough = total(MemoryEstimate.of(run.build(), 16_384)) - GIB / 4;
        int offered = offered(refusal(run.build(), enough), "; --chunk (\\d+) would fit");

        assertThat(offered).isBetween(1, 16_383);
        assertThatCode(() -> require(run.chunk(offered).build(), enough)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require(run.chunk(offered + 1).build(), enough))
                .isInstanceOf(DoesNotFitException.class)
                .hasMessageContaining("context 16,384 in chunks of ")
                .hasMessageContaining(", KV cache 0.19 GiB");
    }

    /**
     * GPT-2 small: 4 bytes for every 512 of 152 million elements of weights, 1.2 MB and what fills up pieces, and up to 12 MiB for
     * sums of keys and values.
     */
    @Test
    void proofsNeedRoomForTheSumsOfWeights() {
        RunSpec spec = run(TestModels.shipped("gpt2-small"), 1024, WeightsMode.FULL);
        long without = total(MemoryEstimate.of(spec, 1024));
        MemoryStatus enough = new MemoryStatus(32 * GIB, without + 20 * GIB / 1024);
        MemoryStatus tooLittle = new MemoryStatus(32 * GIB, without + GIB / 1024);

        assertThatCode(() -> MemoryEstimate.requireFits(spec, 1024, 0, true, enough))
                .doesNotThrowAnyException();
        assertThatCode(() -> MemoryEstimate.requireFits(spec, 1024, 0, false, tooLittle))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryEstimate.requireFits(spec, 1024, 0, true, tooLittle))
                .isInstanceOf(DoesNotFitException.class);
    }

    @Test
    void logitsOfTheLastTokenNeedLessThanThoseOfAll() {
        MemoryEstimate all = MemoryEstimate.of(run(XL, 1024, WeightsMode.FULL), 1024);
        MemoryEstimate last = MemoryEstimate.of(
                TestRuns.of(XL).context(1024).logits(LogitsRows.LAST).build(), 1024);

        assertThat(all.activationsBytes() - last.activationsBytes()).isGreaterThan(1023L * 50_257 * 4 - MIB);
    }

    @Test
    void nothingIsOfferedWhereNothingFits() {
        assertThat(refusal(1024, WeightsMode.FULL, 100 * MIB)).endsWith("; no option makes it fit");
        assertThat(refusal(1024, WeightsMode.SHARED, 100 * MIB)).endsWith("; no option makes it fit");
    }

    @Test
    void aHundredThousandLayersAreRefusedEvenWithSharedWeights() {
        ModelConfig deep = TestModels.swiglu("deep", 7, 100_000, 2, 1, 2);

        assertThatThrownBy(() -> require(run(deep, 8, WeightsMode.SHARED), GIB))
                .isInstanceOf(DoesNotFitException.class)
                .hasMessageStartingWith("deep with batch 1 and context 8 needs ")
                .hasMessageEndingWith("no option makes it fit");
    }

    private static String refusal(int context, WeightsMode weights, long available) {
        return refusal(run(XL, context, weights), available);
    }

    private static String refusal(RunSpec spec, long available) {
        try {
            require(spec, available);
        } catch (DoesNotFitException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("not refused");
    }

    private static int offered(String message, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(message);
        assertThat(matcher.find()).as(message).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static long needed(ModelConfig model, int context) {
        return total(MemoryEstimate.of(run(model, context, WeightsMode.FULL), context));
    }

    private static long total(MemoryEstimate estimate) {
        return estimate.weightsBytes()
                + estimate.activationsBytes()
                + estimate.cacheBytes()
                + estimate.otherBytes().longValueExact();
    }

    private static RunSpec run(ModelConfig model, int context, WeightsMode weights) {
        return TestRuns.of(model)
                .attention(Attention.full())
                .context(context)
                .weights(weights)
                .build();
    }

    private static void require(ModelConfig model, int context, WeightsMode weights, long available) {
        require(run(model, context, weights), available);
    }

    private static void require(RunSpec spec, long available) {
        MemoryEstimate.requireFits(spec, spec.longestContext(), 0, new MemoryStatus(32 * GIB, available));
    }
}
