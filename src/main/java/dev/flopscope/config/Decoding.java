package dev.flopscope.config;

import java.util.OptionalInt;
import java.util.Set;

/**
 * How the next token is chosen from logits, and which tokens end a text. Logits are divided by the temperature; of the likeliest
 * {@code topK} tokens, those are kept that together have the probability {@code topP}; one of them is drawn (Holtzman et al. 2020).
 *
 * @param temperature what logits are divided by; 0 chooses the likeliest token
 * @param topK how many tokens are drawn from at most; empty for all
 * @param topP the probability that the tokens drawn from have together, over 0 and at most 1
 * @param seed decides what is drawn
 * @param endTokens tokens after which nothing more is decoded
 */
public record Decoding(double temperature, OptionalInt topK, double topP, long seed, Set<Integer> endTokens) {
    /**
     * Checks the values, and keeps a copy.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Decoding {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature must be 0 or more: " + temperature);
        }
        if (topK.isPresent() && topK.getAsInt() < 1) {
            throw new IllegalArgumentException("top-k must be at least 1: " + topK.getAsInt());
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p must be over 0 and at most 1: " + topP);
        }
        endTokens = Set.copyOf(endTokens);
    }

    /** The likeliest token each time, and no end. */
    public static Decoding greedy() {
        return new Decoding(0, OptionalInt.empty(), 1, 0, Set.of());
    }
}
