package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code generate}.
 *
 * @param envelope its beginning
 * @param model the extents of what ran
 * @param temperature what logits were divided by, 0 where the likeliest token was chosen
 * @param topK how many tokens were drawn from at most, if there was a limit
 * @param topP the probability that the tokens drawn from had together
 * @param seed what decided what was drawn
 * @param ids the tokens that were decoded
 * @param text what they say, if there is a tokenizer
 * @param stop why there are no more: {@code end}, {@code length} or {@code context}
 * @param prefill the prompt
 * @param decode what came after it, if anything did
 * @param agrees whether counts and sizes are as expected
 * @param disagreements a line for everything that is not
 */
public record GenerateFile(
        @JsonUnwrapped Envelope envelope,
        AccountRecord.Model model,
        double temperature,
        @Nullable Integer topK,
        double topP,
        long seed,
        List<Integer> ids,
        @Nullable String text,
        String stop,
        Part prefill,
        @Nullable Part decode,
        boolean agrees,
        List<String> disagreements) {

    /**
     * One phase.
     *
     * @param tokens how many it read
     * @param seconds from its beginning to its end
     * @param tokensPerSecond how many in a second
     * @param flops of its products
     */
    public record Part(long tokens, double seconds, double tokensPerSecond, AccountRecord.Flops flops) {}
}
