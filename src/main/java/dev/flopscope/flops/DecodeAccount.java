package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import java.util.List;

/**
 * Everything that paper says of decoding N tokens of each of B sequences after a pass over their first T, with a cache of
 * keys and values: products, bytes and memory in closed form. A token at position t, counted from 1, sees t positions.
 *
 * @param prefill the pass before: model, B and T
 * @param tokens N
 * @param kinds the products of all N passes, one entry a kind, in the order of a pass
 * @param cacheBytes keys and values of every layer for T + N positions, 2·L·B·(T+N)·K·d floats
 * @param activationsBytes the buffers of a pass over one token of each sequence
 */
public record DecodeAccount(
        Account prefill, int tokens, List<KindAccount> kinds, long cacheBytes, long activationsBytes) {
    /** The most tokens that there can be closed forms for: every position has shapes of its own, which are listed. */
    public static final int MOST_TOKENS = 1 << 20;

    private static final long FLOAT_BYTES = 4;

    /** Keeps a copy of the list. */
    public DecodeAccount {
        kinds = List.copyOf(kinds);
    }

    /**
     * Works out the closed forms.
     *
     * @param prefill the pass before
     * @param tokens N, from 1 to {@link #MOST_TOKENS}
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1, or T + N exceeds 2³¹−1
     * @throws IllegalArgumentException if N is out of range
     */
    public static DecodeAccount of(Account prefill, int tokens) {
        if (tokens < 1 || tokens > MOST_TOKENS) {
            throw new IllegalArgumentException("tokens to decode must be from 1 to " + MOST_TOKENS + ": " + tokens);
        }
        ModelConfig model = prefill.model();
        int positions = Math.addExact(prefill.context(), tokens);
        Attention oneToken = Attention.of(Attention.Algorithm.TILED);
        DecodeAccount account = new DecodeAccount(
                prefill,
                tokens,
                new DecodeFormulas(model, prefill.batch(), prefill.context(), tokens).all(),
                MemoryAccount.of(model, prefill.parameters(), prefill.batch(), positions, oneToken)
                        .kvCacheBytes(),
                MemoryAccount.of(model, prefill.parameters(), prefill.batch(), 1, oneToken)
                        .activationsBytes());
        account.flops();
        account.leastBytes();
        return account;
    }

    /** The same after a prompt of another length. */
    public DecodeAccount atContext(int context) {
        return of(prefill.atContext(context), tokens);
    }

    /** The last position that a token is decoded at: T + N. */
    public int lastPosition() {
        return prefill.context() + tokens;
    }

    /** FLOPs of all N passes. */
    public long flops() {
        return Exact.sum(kinds.stream().mapToLong(KindAccount::flops).toArray());
    }

    /** Bytes that the products of all N passes move at the least. */
    public long leastBytes() {
        return Exact.sum(kinds.stream().mapToLong(KindAccount::leastBytes).toArray());
    }

    /**
     * FLOPs of the pass at position t: 2·B·W + 4·L·B·H·d·t, with W the parameters that products read.
     *
     * @param position t, from T + 1 to T + N
     */
    public long flopsAt(long position) {
        ModelConfig model = prefill.model();
        long attention =
                Exact.product(4, model.numLayers(), prefill.batch(), model.numHeads(), model.headDim(), position);
        return Exact.sum(Exact.product(2, prefill.batch(), weightsRead()), attention);
    }

    /**
     * Bytes that the products of the pass at position t move at the least: 4·(W + B·(L·w + D + V)) for the projections, with
     * w the widths of what those of a layer read and write, and 4·L·B·(2·H·d + 2·K·d·t + 2·H·t) for attention.
     *
     * @param position t, from T + 1 to T + N
     */
    public long leastBytesAt(long position) {
        ModelConfig model = prefill.model();
        long queriesAndOutput = Exact.product(2, Exact.sum(model.dModel(), model.queryWidth()));
        long keysAndValues = Exact.product(2, Exact.sum(model.dModel(), model.keyValueWidth()));
        long feedForward = Exact.product(model.feedForward().products(), Exact.sum(model.dModel(), model.dFf()));
        long widths = Exact.sum(queriesAndOutput, keysAndValues, feedForward);
        long vectors = Exact.sum(Exact.product(model.numLayers(), widths), model.dModel(), model.vocabSize());
        long attention = Exact.sum(
                Exact.product(2, model.queryWidth()),
                Exact.product(2, model.keyValueWidth(), position),
                Exact.product(2, model.numHeads(), position));
        return Exact.product(
                FLOAT_BYTES,
                Exact.sum(
                        weightsRead(),
                        Exact.product(prefill.batch(), vectors),
                        Exact.product(model.numLayers(), prefill.batch(), attention)));
    }

    /** Bytes of weights that the products of each pass read: every parameter but the embedding's and the norms'. */
    public long weightsBytesRead() {
        return Exact.product(FLOAT_BYTES, weightsRead());
    }

    /** Bytes of keys and values that the products of the pass at position t read: 4·2·L·B·K·d·t. */
    public long cacheBytesReadAt(long position) {
        ModelConfig model = prefill.model();
        return Exact.product(FLOAT_BYTES, 2, model.numLayers(), prefill.batch(), model.keyValueWidth(), position);
    }

    /** W: a tied LM head reads the embedding's matrix, so it counts, tied or not. */
    private long weightsRead() {
        ParameterAccount parameters = prefill.parameters();
        return Exact.sum(
                Exact.product(prefill.model().numLayers(), Exact.sum(parameters.attention(), parameters.feedForward())),
                parameters.embedding());
    }
}
