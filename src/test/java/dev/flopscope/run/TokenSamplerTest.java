package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.Decoding;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TokenSamplerTest {
    private static final int DRAWS = 100_000;
    /** Probabilities 0.4, 0.3, 0.2 and 0.1 at temperature 1, in an order that is not theirs. */
    private static final float[] LOGITS = {ln(0.2), ln(0.4), ln(0.1), ln(0.3)};

    private static float ln(double probability) {
        return (float) Math.log(probability);
    }

    private static double[] frequencies(double temperature, OptionalInt topK, double topP, float... logits) {
        TokenSampler sampler = new TokenSampler(new Decoding(temperature, topK, topP, 42, Set.of()));
        double[] frequencies = new double[logits.length];
        for (int draw = 0; draw < DRAWS; draw++) {
            frequencies[sampler.choose(logits)] += 1.0 / DRAWS;
        }
        return frequencies;
    }

    /** Five standard deviations of a frequency near 0.5 are 0.008. */
    private static void assertNear(double[] found, double... expected) {
        for (int token = 0; token < expected.length; token++) {
            assertThat(found[token]).as("token %d", token).isBetween(expected[token] - 0.008, expected[token] + 0.008);
            if (expected[token] == 0) {
                assertThat(found[token]).isZero();
            }
        }
    }

    @Test
    void tokensAreDrawnAsOftenAsTheirProbabilitySays() {
        assertNear(frequencies(1, OptionalInt.empty(), 1, LOGITS), 0.2, 0.4, 0.1, 0.3);
    }

    /** At temperature 0.5 probabilities are squared: 0.04, 0.16, 0.01 and 0.09 of 0.3. */
    @Test
    void aLowTemperatureSharpens() {
        assertNear(frequencies(0.5, OptionalInt.empty(), 1, LOGITS), 0.1333, 0.5333, 0.0333, 0.3);
    }

    @Test
    void topKLeavesTheLikeliest() {
        assertNear(frequencies(1, OptionalInt.of(2), 1, LOGITS), 0, 0.5714, 0, 0.4286);
        assertNear(frequencies(1, OptionalInt.of(9), 1, LOGITS), 0.2, 0.4, 0.1, 0.3);
    }

    @Test
    void topPLeavesAsFewAsHaveItTogether() {
        assertNear(frequencies(1, OptionalInt.empty(), 0.75, LOGITS), 0.2222, 0.4444, 0, 0.3333);
        assertNear(frequencies(1, OptionalInt.empty(), 0.0001, LOGITS), 0, 1, 0, 0);
        // Of the two that top-k leaves, the first has 0.5714.
        assertNear(frequencies(1, OptionalInt.of(2), 0.55, LOGITS), 0, 1, 0, 0);
    }

    @Test
    void noTemperatureTakesTheLikeliestAndOfEqualsTheFirst() {
        assertNear(frequencies(0, OptionalInt.empty(), 1, -3, -1, -1, -2), 0, 1, 0, 0);
    }

    @Test
    void logitsOfAllSignsAreOrdered() {
        assertNear(frequencies(1, OptionalInt.of(1), 1, -1e30f, -0.0f, -7, 1e-30f, -1e-30f), 0, 0, 0, 1, 0);
        assertNear(frequencies(1, OptionalInt.of(1), 1, Float.NEGATIVE_INFINITY, -8, -7), 0, 0, 1);
    }

    @Test
    void theSeedDecides() {
        Decoding decoding = new Decoding(1, OptionalInt.empty(), 1, 3, Set.of());
        TokenSampler first = new TokenSampler(decoding);
        TokenSampler second = new TokenSampler(decoding);
        for (int draw = 0; draw < 100; draw++) {
            assertThat(second.choose(LOGITS)).isEqualTo(first.choose(LOGITS));
        }
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Decoding(wrong, OptionalInt.empty(), 1, 1, Set.of()))
                    .hasMessageStartingWith("temperature must be 0 or more");
        }
        for (double wrong : new double[] {0, -0.5, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new Decoding(1, OptionalInt.empty(), wrong, 1, Set.of()))
                    .hasMessageStartingWith("top-p must be over 0 and at most 1");
        }
        assertThatThrownBy(() -> new Decoding(1, OptionalInt.of(0), 1, 1, Set.of()))
                .hasMessage("top-k must be at least 1: 0");
    }
}
