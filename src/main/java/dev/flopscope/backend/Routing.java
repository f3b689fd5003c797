package dev.flopscope.backend;

import dev.flopscope.config.RoutingConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Which rows go to which expert, and with which weight.
 *
 * @param rows of each expert, the rows that go to it, ascending
 * @param weights of each expert, the weight of each of its rows
 */
public record Routing(List<int[]> rows, List<double[]> weights) {
    private static final int BEST_OF_A_GROUP = 2;

    /** Keeps the lists. */
    public Routing {
        rows = List.copyOf(rows);
        weights = List.copyOf(weights);
    }

    /**
     * Chooses experts: the k largest scores of a row; of equals, and of what is not a number, the first.
     *
     * @param config how
     * @param perToken k
     * @param correction one element an expert, added to scores for the choice; empty if nothing is
     * @param count rows
     * @param logits the router's row of a number, one element an expert
     */
    public static Routing of(
            RoutingConfig config, int perToken, double[] correction, int count, IntFunction<double[]> logits) {
        List<List<Integer>> rows = new ArrayList<>();
        List<List<Double>> weights = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            double[] scores = scores(config.score(), logits.apply(row));
            while (rows.size() < scores.length) {
                rows.add(new ArrayList<>());
                weights.add(new ArrayList<>());
            }
            int[] chosen = chosen(config, perToken, correction, scores);
            double sum = config.renormalised()
                    ? Arrays.stream(chosen)
                            .mapToDouble(expert -> scores[expert])
                            .sum()
                    : 1;
            for (int expert : chosen) {
                rows.get(expert).add(row);
                weights.get(expert).add(scores[expert] / sum * config.scale());
            }
        }
        return new Routing(
                rows.stream()
                        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                weights.stream()
                        .map(list ->
                                list.stream().mapToDouble(Double::doubleValue).toArray())
                        .toList());
    }

    private static double[] scores(RoutingConfig.Score score, double[] logits) {
        double max = Arrays.stream(logits).max().orElse(0);
        double[] scores = Arrays.stream(logits)
                .map(logit -> score == RoutingConfig.Score.SIGMOID ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit - max))
                .toArray();
        double sum =
                score == RoutingConfig.Score.SIGMOID ? 1 : Arrays.stream(scores).sum();
        return Arrays.stream(scores).map(each -> each / sum).toArray();
    }

    private static int[] chosen(RoutingConfig config, int perToken, double[] correction, double[] scores) {
        double[] ranked = scores.clone();
        for (int expert = 0; expert < correction.length; expert++) {
            ranked[expert] += correction[expert];
        }
        int each = scores.length / config.groups();
        if (config.groupsPerToken() < config.groups()) {
            int best = config.corrected() ? Math.min(BEST_OF_A_GROUP, each) : 1;
            double[] groups = IntStream.range(0, config.groups())
                    .mapToDouble(group -> Arrays.stream(ranked, group * each, (group + 1) * each)
                            .sorted()
                            .skip(each - best)
                            .sum())
                    .toArray();
            for (int group : largest(groups, config.groups())
                    .skip(config.groupsPerToken())
                    .toArray()) {
                Arrays.fill(ranked, group * each, (group + 1) * each, Double.NEGATIVE_INFINITY);
            }
        }
        return largest(ranked, perToken).sorted().toArray();
    }

    private static IntStream largest(double[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> values[index])
                        .reversed())
                .limit(count)
                .mapToInt(Integer::intValue);
    }
}
