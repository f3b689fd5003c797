package dev.flopscope.flops;

import dev.flopscope.config.Phase;

/**
 * The tokens of a phase, in the letters of formulas: T of a prompt, G that are decoded after it.
 *
 * @param phase the phase
 */
record Tokens(Phase phase) {
    /** {@code T} or {@code G}. */
    String letter() {
        return phase.name() == Phase.Name.DECODE ? "G" : "T";
    }

    /** B·T or B·G: tokens of all sequences. */
    long all() {
        return Exact.product(phase.batch(), phase.tokens());
    }

    /**
     * How many times every query meets every position that a dense algorithm computes for it: chunk by chunk, queries times
     * the positions up to the chunk's end. With W whole chunks of q queries, a rest of r, and p cached tokens before them it
     * is W·q·p + q²·W·(W+1)/2 + r·(p + W·q + r).
     *
     * <p>So it is T² for a prompt in one chunk, and G·p + G·(G+1)/2 for G decoded tokens.
     */
    long scores() {
        long queries = phase.queries();
        long whole = phase.tokens() / queries;
        long rest = phase.tokens() - whole * queries;
        return Exact.sum(
                Exact.product(whole, queries, phase.past()),
                Exact.product(queries, queries, Exact.product(whole, whole + 1) / 2),
                Exact.product(rest, Exact.sum(phase.past(), phase.tokens())));
    }
}
