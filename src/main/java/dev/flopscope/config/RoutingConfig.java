package dev.flopscope.config;

/**
 * How the rows of a router become experts and their weights. Scores are taken of all experts; the k largest are chosen.
 *
 * @param score what makes scores of the router's row
 * @param renormalised whether the weights of the chosen are divided by their sum
 * @param scale what weights are multiplied by in the end
 * @param groups into how many groups of equal size the experts fall; 1 where groups play no part
 * @param groupsPerToken how many groups a token may choose from
 * @param corrected whether a learned vector is added to the scores for the choice, and not for the weights (DeepSeek-AI 2024b);
 *     a group then counts by the sum of its two best scores, and else by its best
 */
public record RoutingConfig(
        Score score, boolean renormalised, double scale, int groups, int groupsPerToken, boolean corrected) {
    /** What makes scores. */
    public enum Score {
        /** Softmax over all experts. */
        SOFTMAX,
        /** The logistic function of each. */
        SIGMOID
    }

    /** Softmax over all experts without groups. */
    public static RoutingConfig softmax(boolean renormalised) {
        return new RoutingConfig(Score.SOFTMAX, renormalised, 1, 1, 1, false);
    }
}
