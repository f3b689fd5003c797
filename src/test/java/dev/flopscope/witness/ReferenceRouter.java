package dev.flopscope.witness;

import static dev.flopscope.Rounding.gamma;

import dev.flopscope.config.RoutingConfig;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The choice of experts once more: an expert is chosen if fewer than k others are before it. Weights have bounds; the choice has
 * none, so scores that are nearer to each other than their errors would show as a difference.
 */
final class ReferenceRouter {
    private ReferenceRouter() {}

    /** One row of weights, 0 of experts that are not chosen. */
    static BoundedMatrix shares(RoutingConfig config, int perToken, double[] correction, BoundedMatrix logits) {
        int experts = logits.columns();
        BoundedMatrix scores = config.score() == RoutingConfig.Score.SIGMOID ? logistic(logits) : softmax(logits);
        double[] ranked = IntStream.range(0, experts)
                .mapToDouble(expert -> scores.values[0][expert] + correction[expert])
                .toArray();
        boolean[] allowed = allowed(config, ranked);
        BoundedMatrix shares = new BoundedMatrix(1, experts);
        double sum = 0;
        double sumError = 0;
        for (int expert = 0; expert < experts; expert++) {
            if (allowed[expert] && before(expert, ranked, allowed) < perToken) {
                shares.set(0, expert, scores.values[0][expert], scores.errors[0][expert]);
                sum += scores.values[0][expert];
                sumError += scores.errors[0][expert];
            }
        }
        double divisor = config.renormalised() ? sum : 1;
        double relative = config.renormalised() ? sumError / sum + gamma(experts + 2) : gamma(2);
        for (int expert = 0; expert < experts; expert++) {
            double share = shares.values[0][expert] / divisor * config.scale();
            double error = shares.errors[0][expert] / divisor * config.scale() + 2 * relative * share;
            shares.set(0, expert, share, error);
        }
        return shares;
    }

    private static long before(int expert, double[] ranked, boolean[] allowed) {
        return IntStream.range(0, ranked.length)
                .filter(other -> allowed[other]
                        && (ranked[other] > ranked[expert] || (ranked[other] == ranked[expert] && other < expert)))
                .count();
    }

    private static boolean[] allowed(RoutingConfig config, double[] ranked) {
        int each = ranked.length / config.groups();
        double[] groups = new double[config.groups()];
        for (int group = 0; group < groups.length; group++) {
            double first = Double.NEGATIVE_INFINITY;
            double second = Double.NEGATIVE_INFINITY;
            for (int expert = group * each; expert < (group + 1) * each; expert++) {
                second = Math.max(second, Math.min(first, ranked[expert]));
                first = Math.max(first, ranked[expert]);
            }
            groups[group] = config.corrected() && each > 1 ? first + second : first;
        }
        boolean[] all = new boolean[groups.length];
        Arrays.fill(all, true);
        boolean[] allowed = new boolean[ranked.length];
        for (int expert = 0; expert < ranked.length; expert++) {
            allowed[expert] = before(expert / each, groups, all) < config.groupsPerToken();
        }
        return allowed;
    }

    /** Roundings: three in an exponent, three in an exponential above the bar and below, the sum and a quotient. */
    private static BoundedMatrix softmax(BoundedMatrix logits) {
        double largestError = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.columns(); i++) {
            largestError = Math.max(largestError, logits.errors[0][i]);
            max = Math.max(max, logits.values[0][i]);
        }
        double sum = 0;
        for (int i = 0; i < logits.columns(); i++) {
            sum += Math.exp(logits.values[0][i] - max);
        }
        BoundedMatrix shares = new BoundedMatrix(1, logits.columns());
        for (int i = 0; i < logits.columns(); i++) {
            double share = Math.exp(logits.values[0][i] - max) / sum;
            shares.set(0, i, share, share * Math.expm1(2 * largestError + gamma(logits.columns() + 12)));
        }
        return shares;
    }

    /** 1/(1 + e^(−x)), whose slope is at most itself. */
    static BoundedMatrix logistic(BoundedMatrix x) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double value = 1 / (1 + Math.exp(-x.values[row][i]));
                result.set(row, i, value, value * Math.expm1(x.errors[row][i] + gamma(5)));
            }
        }
        return result;
    }
}
