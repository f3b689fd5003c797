package dev.flopscope.run;

import dev.flopscope.config.Decoding;
import java.util.List;
import java.util.function.Consumer;

/**
 * What decides how a prompt goes on, and who is told of each token as soon as it is chosen.
 *
 * @param decoding how tokens are chosen, and which end a text
 * @param told given all tokens that were decoded so far, in a run of one sequence
 */
record Continuation(Decoding decoding, Consumer<List<Integer>> told) {
    /** The likeliest tokens, without an end, of which nobody is told. */
    static Continuation greedy() {
        return new Continuation(Decoding.greedy(), ids -> {});
    }

    /** Whether the token of the one sequence ends its text. */
    boolean ends(int[] next) {
        return next.length == 1 && decoding.endTokens().contains(next[0]);
    }
}
