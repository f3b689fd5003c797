package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MemoryStatus;
import java.util.OptionalInt;
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
                .hasMessageContaining("(weights 7.92 GiB, activations 0.28 GiB)")
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

    /** 2·48·1,600 floats a position: half a GiB is 873 positions; the prompt takes 100 of them. */
    @Test
    void tokensThatAreDecodedAreFewerWhereTheirCacheDoesNotFit() {
        MemoryEstimate pass = MemoryEstimate.of(Account.of(XL, 1, 100), WeightsMode.SHARED);
        long without = pass.weightsBytes()
                + pass.activationsBytes()
                + pass.otherBytes().longValueExact();
        int offered = offered(decoding(1_000_000, without + GIB / 2), "; --decode (\\d+) would fit");

        assertThat(offered).isBetween(700, 773);
        assertThatCode(() -> requireDecoding(offered, without + GIB / 2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> requireDecoding(offered + 1, without + GIB / 2))
                .isInstanceOf(DoesNotFitException.class)
                .hasMessageContaining("context 100 and " + (offered + 1) + " tokens to decode needs ")
                .hasMessageContaining(", KV cache 0.5");
    }

    private static String decoding(int tokens, long available) {
        try {
            requireDecoding(tokens, available);
        } catch (DoesNotFitException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("not refused");
    }

    private static void requireDecoding(int tokens, long available) {
        RunSpec spec = TestModels.run(XL, 1, OptionalInt.of(100), WeightsMode.SHARED, new Prompt.Seeded())
                .decoding(OptionalInt.of(tokens));
        MemoryEstimate.requireFits(spec, Account.of(XL, 1, 100), new MemoryStatus(32 * GIB, available));
    }

    @Test
    void nothingIsOfferedWhereNothingFits() {
        assertThat(refusal(1024, WeightsMode.FULL, 100 * MIB)).endsWith("; no option makes it fit");
        assertThat(refusal(1024, WeightsMode.SHARED, 100 * MIB)).endsWith("; no option makes it fit");
    }

    @Test
    void thousandMillionLayersAreRefusedEvenWithSharedWeights() {
        ModelConfig deep = TestModels.swiglu("deep", 7, 1_000_000_000, 2, 1, 2);

        assertThatThrownBy(() -> require(deep, 8, WeightsMode.SHARED, 64 * GIB))
                .isInstanceOf(DoesNotFitException.class)
                .hasMessageStartingWith("deep with batch 1 and context 8 needs 7,629.89 GiB")
                .hasMessageEndingWith("no option makes it fit");
    }

    private static String refusal(int context, WeightsMode weights, long available) {
        try {
            require(XL, context, weights, available);
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
        MemoryEstimate estimate = MemoryEstimate.of(Account.of(model, 1, context), WeightsMode.FULL);
        return estimate.weightsBytes()
                + estimate.activationsBytes()
                + estimate.otherBytes().longValueExact();
    }

    private static void require(ModelConfig model, int context, WeightsMode weights, long available) {
        RunSpec spec = TestModels.run(model, 1, OptionalInt.of(context), weights, new Prompt.Seeded());
        MemoryEstimate.requireFits(spec, Account.of(model, 1, context), new MemoryStatus(32 * GIB, available));
    }
}
