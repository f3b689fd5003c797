package dev.flopscope.run;

import java.util.List;

/**
 * What a model says of every position of a prompt.
 *
 * @param measurement how the prompt was read
 * @param tokens how many positions there are
 * @param vocabSize V
 * @param last the logits after the last token
 * @param argmax of each position, the token with the largest logit; of equals, the lowest id
 * @param sum of all logits of all positions
 * @param l2 the root of the sum of their squares
 * @param tokensPerExpert for each layer that has experts, how many rows each got
 */
public record Logits(
        Measurement measurement,
        int tokens,
        int vocabSize,
        List<Float> last,
        List<Integer> argmax,
        double sum,
        double l2,
        List<List<Long>> tokensPerExpert) {
    /** Keeps copies. */
    public Logits {
        last = List.copyOf(last);
        argmax = List.copyOf(argmax);
        tokensPerExpert = List.copyOf(tokensPerExpert);
    }
}
