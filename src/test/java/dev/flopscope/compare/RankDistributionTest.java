package dev.flopscope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankDistributionTest {
    /** The six orders of two and two values: U is 0, 1, 2, 2, 3, 4. */
    @Test
    void twoAndTwoValuesHaveSixOrders() {
        RankDistribution ranks = RankDistribution.of(2, 2);
        assertThat(ranks.pairs()).isEqualTo(4);
        assertThat(ranks.atMost(0)).isCloseTo(1.0 / 6, within(1e-15));
        assertThat(ranks.atMost(1)).isCloseTo(2.0 / 6, within(1e-15));
        assertThat(ranks.atMost(2)).isCloseTo(4.0 / 6, within(1e-15));
        assertThat(ranks.atMost(3)).isCloseTo(5.0 / 6, within(1e-15));
        assertThat(ranks.atMost(4)).isCloseTo(1, within(1e-15));
    }

    /** Every order by brute force: each set of m of n+m ranks is as likely. */
    @ParameterizedTest
    @CsvSource({"1,1", "1,6", "6,1", "3,4", "5,5", "4,7"})
    void everyOrderIsCounted(int n, int m) {
        int pairs = n * m;
        long[] atMost = new long[pairs + 1];
        long orders = 0;
        for (int set = 0; set < 1 << (n + m); set++) {
            if (Integer.bitCount(set) != m) {
                continue;
            }
            orders++;
            int u = 0;
            int seenOfFirst = 0;
            for (int rank = n + m - 1; rank >= 0; rank--) {
                if ((set >> rank & 1) == 1) {
                    u += seenOfFirst;
                } else {
                    seenOfFirst++;
                }
            }
            for (int bound = u; bound <= pairs; bound++) {
                atMost[bound]++;
            }
        }
        RankDistribution ranks = RankDistribution.of(n, m);
        for (int u = 0; u <= pairs; u++) {
            assertThat(ranks.atMost(u)).as("U ≤ %d", u).isCloseTo((double) atMost[u] / orders, within(1e-12));
        }
    }

    @Test
    void theApproximationBeginsWhereItIsAccurate() {
        RankDistribution exact = RankDistribution.of(100, 100);
        RankDistribution approximate = RankDistribution.of(101, 100);
        double step = 1 / Math.sqrt(100 * 100 / 12.0 * 201);
        double nextStep = 1 / Math.sqrt(101 * 100 / 12.0 * 202);
        for (double deviations = -3; deviations <= 3; deviations += 0.25) {
            int u = (int) Math.round(5000 + deviations / step);
            int next = (int) Math.round(5050 + deviations / nextStep);
            assertThat(approximate.atMost(next)).isCloseTo(exact.atMost(u), within(2e-3));
        }
    }
}
