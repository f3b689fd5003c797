package dev.flopscope.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.backend.Probe;
import dev.flopscope.machine.Rate;
import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class SamplerTest {
    private static final Duration NO_TIME = Duration.ZERO;

    private static Probe probe(double... rates) {
        PrimitiveIterator.OfDouble iterator = DoubleStream.of(rates).iterator();
        return iterator::nextDouble;
    }

    private static Rate measure(Duration sampling, int samples, Probe probe) {
        return new Sampler(new SamplingBudget(sampling, samples, 1)).measure(probe);
    }

    @Test
    void theMedianAndTheFastestOfWhatFollowsTheWarmUpCount() {
        // 163 gains less than 2 % on 160, and 120 nothing: steady. The other three are samples.
        Rate rate = measure(NO_TIME, 3, probe(160, 163, 120, 161, 90, 140));
        assertThat(rate).isEqualTo(new Rate(140, 161, 3, true));
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        Rate rate = measure(NO_TIME, 4, probe(10, 10, 10, 4, 8, 6, 2));
        assertThat(rate.median()).isCloseTo(5, within(1e-12));
        assertThat(rate.best()).isEqualTo(8);
    }

    @Test
    void aRateThatStillGrowsWhenItsTimeIsUpIsNotSteady() {
        Rate rate = measure(NO_TIME, 1, probe(1, 2, 3, 4, 5));
        assertThat(rate).isEqualTo(new Rate(5, 5, 1, false));
    }

    /** A gain of 2 % exactly is no gain; of a little more, it is. */
    @Test
    void theBoundOfAGainIsTwoPercent() {
        assertThat(measure(NO_TIME, 1, probe(100, 102, 102, 7)).best()).isEqualTo(7);
        assertThat(measure(NO_TIME, 1, probe(100, 102.1, 102.1, 102.1, 7)).best())
                .isEqualTo(7);
    }
}
