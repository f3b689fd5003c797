package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SteadinessTest {
    private final Steadiness steadiness = Steadiness.within(6);

    @Test
    void twoEqualPassesAreNotYetSteady() {
        assertThat(steadiness.enough(List.of(100L, 100L))).isFalse();
        assertThat(steadiness.enough(List.of(100L, 100L, 100L))).isTrue();
    }

    @Test
    void onlyTheLastThreeAreCompared() {
        assertThat(steadiness.enough(List.of(300L, 100L, 105L))).isFalse();
        assertThat(steadiness.enough(List.of(300L, 100L, 105L, 103L))).isTrue();
    }

    @Test
    void fivePercentIsTheLimit() {
        assertThat(steadiness.enough(List.of(1000L, 1050L, 1020L))).isTrue();
        assertThat(steadiness.enough(List.of(1000L, 1051L, 1020L))).isFalse();
    }

    @Test
    void passesThatNeverBecomeSteadyEndAtTheirNumberAndSaySo() {
        List<Long> growing = List.of(100L, 200L, 300L, 400L, 500L, 600L);
        assertThat(steadiness.enough(growing.subList(0, 5))).isFalse();
        assertThat(steadiness.enough(growing)).isTrue();
        WarmUp verdict = steadiness.verdict(growing);
        assertThat(verdict.steady()).isFalse();
        assertThat(verdict.passes()).isEqualTo(6);
        assertThat(verdict.rule()).isEqualTo("until the last 3 are within 5 % of each other, at most 6");
    }

    @Test
    void noWarmUpIsEnoughAtOnceAndNotSteady() {
        assertThat(Steadiness.within(0).enough(List.of())).isTrue();
        assertThat(Steadiness.within(0).verdict(List.of()).steady()).isFalse();
    }
}
