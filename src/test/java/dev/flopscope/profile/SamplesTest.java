package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
    /** By nearest rank: of n sorted samples, the ⌈n/4⌉th, the ⌈n/2⌉th and the ⌈3n/4⌉th. */
    @ParameterizedTest
    @CsvSource({
        "7, 7, 0",
        "9 4, 4, 5",
        "3 1 2, 2, 2",
        "40 10 30 20, 20, 20",
        "50 10 40 20 30, 30, 20",
        "10 10 10 10 99, 10, 0",
        "80 10 70 20 60 30 50 40, 40, 40"
    })
    void quantilesAreSamples(String nanoseconds, long median, long range) {
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
