package dev.flopscope.compare;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The distribution of Mann and Whitney's U for two samples whose values are in random order: of the n·m pairs, in how many
 * the second sample's value is the smaller.
 *
 * <p>Exact by the recurrence of Mann and Whitney 1947 (Annals of Mathematical Statistics 18) up to {@value #EXACT} pairs;
 * beyond, their normal approximation, which is accurate to three digits there.
 */
final class RankDistribution {
    private static final int EXACT = 10_000;

    private final double[] atMost;

    private RankDistribution(double[] atMost) {
        this.atMost = atMost;
    }

    /** For samples of {@code n} and {@code m} values, each at least 1. */
    static RankDistribution of(int n, int m) {
        int pairs = Math.multiplyExact(n, m);
        return new RankDistribution(pairs <= EXACT ? exact(n, m) : normal(n, m, pairs));
    }

    /** P(U ≤ {@code u}). */
    double atMost(int u) {
        return atMost[u];
    }

    /** n·m. */
    int pairs() {
        return atMost.length - 1;
    }

    /** P(U = u | n, m) = n/(n+m)·P(U = u−m | n−1, m) + m/(n+m)·P(U = u | n, m−1), by which sample has the largest value. */
    private static double[] exact(int n, int m) {
        double[][] fewer = new double[m + 1][];
        for (int j = 0; j <= m; j++) {
            fewer[j] = new double[] {1};
        }
        for (int i = 1; i <= n; i++) {
            double[][] row = new double[m + 1][];
            row[0] = new double[] {1};
            for (int j = 1; j <= m; j++) {
                row[j] = new double[i * j + 1];
                for (int u = 0; u <= i * j; u++) {
                    double first = u >= j ? fewer[j][u - j] : 0;
                    double second = u <= i * (j - 1) ? row[j - 1][u] : 0;
                    row[j][u] = (i * first + j * second) / (i + j);
                }
            }
            fewer = row;
        }
        double[] cumulative = fewer[m];
        for (int u = 1; u < cumulative.length; u++) {
            cumulative[u] += cumulative[u - 1];
        }
        return cumulative;
    }

    private static double[] normal(int n, int m, int pairs) {
        NormalDistribution normal = new NormalDistribution(pairs / 2.0, Math.sqrt(pairs / 12.0 * ((double) n + m + 1)));
        double[] cumulative = new double[pairs + 1];
        for (int u = 0; u <= pairs; u++) {
            cumulative[u] = normal.cumulativeProbability(u + 0.5);
        }
        return cumulative;
    }
}
