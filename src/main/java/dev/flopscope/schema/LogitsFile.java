package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * The file of {@code logits}.
 *
 * @param envelope its beginning
 * @param model the extents of what ran
 * @param tokens how many positions there are
 * @param vocab V
 * @param last the logits after the last token
 * @param argmax of each position, the token with the largest logit
 * @param sum of all logits of all positions
 * @param l2 the root of the sum of their squares
 * @param tokensPerExpert for each layer that has experts, how many rows each got
 * @param flops of the pass
 * @param agrees whether counts and sizes are as expected
 * @param disagreements a line for everything that is not
 */
public record LogitsFile(
        @JsonUnwrapped Envelope envelope,
        AccountRecord.Model model,
        int tokens,
        int vocab,
        List<Float> last,
        List<Integer> argmax,
        double sum,
        double l2,
        List<List<Long>> tokensPerExpert,
        AccountRecord.Flops flops,
        boolean agrees,
        List<String> disagreements) {}
