package dev.flopscope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimeRatioTest {
    private static TimeRatio of(List<Double> a, List<Double> b) {
        return TimeRatio.of(a, b, RankDistribution.of(a.size(), b.size()));
    }

    /** Ratios 1/2, 1, 1, 2, 2, 2, 4, 4, 8. */
    @Test
    void theFactorIsTheMedianOfAllRatios() {
        assertThat(of(List.of(1.0, 2.0, 4.0), List.of(2.0, 4.0, 8.0)).factor()).isEqualTo(2);
    }

    /** 2·P(U ≤ 2) = 2·4/252 is within 5 %, 2·P(U ≤ 3) = 2·7/252 is not: the third ratio from each end. */
    @Test
    void fiveAndFiveRepetitionsLeaveTwoRatiosOutAtEachEnd() {
        List<Double> a = List.of(1.0, 1.0, 1.0, 1.0, 1.0);
        TimeRatio ratio = of(a, List.of(1.0, 2.0, 3.0, 4.0, 5.0));
        // Each value of B is five ratios.
        assertThat(ratio.interval(0.05)).contains(new Interval(1, 5));
        TimeRatio distinct = of(List.of(1.0, 10.0, 100.0, 1000.0, 10000.0), List.of(1.0, 2.0, 3.0, 4.0, 5.0));
        assertThat(distinct.interval(0.05)).contains(new Interval(3.0 / 10_000, 3));
        assertThat(distinct.interval(2.01 / 252)).contains(new Interval(1.0 / 10_000, 5));
        assertThat(distinct.interval(1.99 / 252)).isEmpty();
    }

    /** SciPy, {@code mannwhitneyu(a, b, method="exact")} and, for the margin, of 1.05·a, one side doubled. */
    @Test
    void pValuesAreThoseOfAnotherImplementation() {
        TimeRatio ratio = of(List.of(1.00, 1.02, 1.05, 1.01, 1.30), List.of(1.10, 1.12, 1.04, 1.15, 1.11, 1.40));
        assertThat(ratio.pValue(Margin.of(0, 1))).isCloseTo(0.12554112554112554, within(1e-12));
        assertThat(ratio.pValue(Margin.of(0.05, 1))).isCloseTo(2 * 0.21428571428571427, within(1e-12));
    }

    @Test
    void swappingTheResultsTurnsEverythingRound() {
        List<Double> a = List.of(1.0, 1.1, 1.3, 1.7, 2.5);
        List<Double> b = List.of(1.9, 2.1, 2.6, 3.5, 4.5, 5.0);
        TimeRatio there = of(a, b);
        TimeRatio back = of(b, a);
        assertThat(back.factor()).isCloseTo(1 / there.factor(), within(1e-12));
        assertThat(back.pValue(Margin.of(0.1, 1))).isCloseTo(there.pValue(Margin.of(0.1, 1)), within(1e-12));
        Interval one = there.interval(0.05).orElseThrow();
        Interval other = back.interval(0.05).orElseThrow();
        assertThat(other.low()).isCloseTo(1 / one.high(), within(1e-12));
        assertThat(other.high()).isCloseTo(1 / one.low(), within(1e-12));
    }

    @Test
    void aClockThatShowedNoTimeLeavesFiniteRatios() {
        TimeRatio ratio = of(List.of(0.0, 0.0), List.of(0.0, 1e-9));
        assertThat(ratio.factor()).isEqualTo(1);
    }
}
