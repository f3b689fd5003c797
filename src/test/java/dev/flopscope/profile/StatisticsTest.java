package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {
    private static final List<Integer> SQUARES = List.of(49, 0, 1, 36, 4, 25, 9, 16);

    /** Positions 7·p of 0, 1, 4, 9, 16, 25, 36, 49: {@code np.quantile(squares, p)}, and R's {@code quantile(squares, p)}. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0.1, 0.7", "0.25, 3.25", "0.5, 12.5", "0.75, 27.75", "0.9, 39.9", "1, 49"})
    void quantilesAreThoseOfNumpyAndR(double p, double value) {
        assertThat(Statistics.quantile(SQUARES, p)).isCloseTo(value, within(1e-12));
    }

    /** The example of numpy's own manual: {@code np.quantile([[10, 7, 4], [3, 2, 1]], 0.5)} is 3.5. */
    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Statistics.median(List.of(10, 7, 4, 3, 2, 1))).isEqualTo(3.5);
        assertThat(Statistics.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.5);
    }

    @Test
    void theMedianOfAnOddNumberIsASample() {
        assertThat(Statistics.median(List.of(0.3, 0.1, 0.2))).isEqualTo(0.2);
        assertThat(Statistics.median(List.of(7L))).isEqualTo(7);
    }

    @Test
    void spreads() {
        assertThat(Statistics.interquartileRange(SQUARES)).isEqualTo(24.5);
        assertThat(Statistics.interquartileRange(List.of(5))).isZero();
        assertThat(Statistics.relativeSpread(List.of(3.0, 1.0, 2.0))).isEqualTo(1);
        assertThat(Statistics.relativeSpread(List.of(0.0, 0.0, 1.0))).isZero();
    }

    @Test
    void theOrderOfSamplesDoesNotMatterAndTheyStayAsTheyAre() {
        Random random = new Random(1);
        List<Double> samples = new ArrayList<>();
        for (int sample = 0; sample < 12; sample++) {
            samples.add(random.nextGaussian());
        }
        double quartile = Statistics.quantile(samples, 0.25);
        Collections.shuffle(samples, random);
        List<Double> before = List.copyOf(samples);
        assertThat(Statistics.quantile(samples, 0.25)).isEqualTo(quartile);
        assertThat(samples).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void whatIsNoPartIsRefused(double p) {
        assertThatThrownBy(() -> Statistics.quantile(SQUARES, p))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 samples have no quantile");
    }

    @Test
    void noSampleHasNoMedian() {
        assertThatThrownBy(() -> Statistics.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
