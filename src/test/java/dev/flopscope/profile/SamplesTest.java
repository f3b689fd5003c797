package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
    /** The quartiles of n samples lie at (n − 1)/4 and 3(n − 1)/4, counted from 0, with a straight line between samples. */
    @ParameterizedTest
    @CsvSource({
        "7, 7, 0",
        "9 4, 6.5, 2.5",
        "3 1 2, 2, 1",
        "40 10 30 20, 25, 15",
        "50 10 40 20 30, 30, 20",
        "10 10 10 10 99, 10, 0",
        "80 10 70 20 60 30 50 40, 45, 35"
    })
    void quantilesLieBetweenSamples(String nanoseconds, double median, double range) {
        Samples samples = new Samples(
                List.of(nanoseconds.split(" ")).stream().map(Long::valueOf).toList());
        assertThat(samples.median()).isEqualTo(median);
        assertThat(samples.interquartileRange()).isEqualTo(range);
    }

    @Test
    void noSampleIsNoMeasurement() {
        assertThatThrownBy(() -> new Samples(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one repetition");
    }
}
