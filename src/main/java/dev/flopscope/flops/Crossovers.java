package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Phase;
import java.util.Optional;

/**
 * The contexts at which the parts of a prompt change places. With dense attention and logits of every token, attention's products
 * cost a·T² FLOPs and all others a multiple of T, so that both contexts solve a linear inequality in T, exactly.
 *
 * @param attentionOverFeedForward the shortest context at which attention's products cost more than the feed-forward network
 * @param headPercent x
 * @param headBelow the shortest context at which the LM head costs less than x % of all
 */
public record Crossovers(long attentionOverFeedForward, int headPercent, long headBelow) {
    private static final long WHOLE = 100;

    /**
     * Solves for both.
     *
     * @param account of the model; its context does not matter
     * @param headPercent x, from 1 to 99
     * @return nothing where the cost of a prompt is not so simple: in chunks, with logits of the last token, or without the
     *     tiles that the mask empties
     * @throws IllegalArgumentException if x is not in its range
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    public static Optional<Crossovers> of(Account account, int headPercent) {
        if (headPercent < 1 || headPercent >= WHOLE) {
            throw new IllegalArgumentException("a share must be from 1 to 99 percent: " + headPercent);
        }
        Phase prompt = account.prefill().phase();
        boolean simple = prompt.steps() == 1
                && prompt.logits() == LogitsRows.ALL
                && account.attention().algorithm() != Algorithm.CAUSAL;
        return simple ? Optional.of(solved(account, headPercent)) : Optional.empty();
    }

    private static Crossovers solved(Account account, int headPercent) {
        Components token = PhaseAccount.of(account.model(), Phase.prefill(1, 1), Attention.full())
                .components();
        long attention = token.attentionProducts();
        // a·T² > f·T
        long over = token.feedForward() / attention + 1;
        // 100·h·T < x·(a·T² + (p + f + h)·T)
        long rest = Exact.product(WHOLE, token.lmHead())
                - Exact.product(
                        headPercent, Exact.sum(token.attentionProjections(), token.feedForward(), token.lmHead()));
        long below = rest < 0 ? 1 : rest / Exact.product(headPercent, attention) + 1;
        return new Crossovers(over, headPercent, below);
    }
}
