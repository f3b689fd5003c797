package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that paper says of one run: products, parameters and memory in closed form.
 *
 * @param model the model
 * @param attention the algorithm of attention and its tiles
 * @param phases the products of each phase: of the prompt, and of what is decoded after it, if anything is
 * @param parameters parameters by part
 * @param memory bytes
 */
public record Account(
        ModelConfig model,
        Attention attention,
        List<PhaseAccount> phases,
        ParameterAccount parameters,
        MemoryAccount memory) {

    /** What is counted, in words, when attention is dense. */
    public static final String CONVENTION =
            "matrix products only; a multiply-add is 2 FLOPs;" + " attention is dense, T×T, masked after the product";

    private static final String CAUSAL_CONVENTION = "matrix products only; a multiply-add is 2 FLOPs;"
            + " attention skips the tiles of scores that the causal mask empties";

    private static final long FLOAT_BYTES = 4;

    /** Keeps a copy of the list. */
    public Account {
        phases = List.copyOf(phases);
    }

    /**
     * Works out the closed forms of a prompt in one chunk with dense attention, one product a head.
     *
     * @param model the model
     * @param batch B, at least 1
     * @param context T, at least 1
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1
     */
    public static Account of(ModelConfig model, int batch, int context) {
        return of(model, List.of(Phase.prefill(batch, context)), Attention.full());
    }

    /**
     * Works out the closed forms.
     *
     * @param model the model
     * @param phases the phases, the prompt first
     * @param attention the algorithm of attention and its tiles
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1
     */
    public static Account of(ModelConfig model, List<Phase> phases, Attention attention) {
        try {
            return exact(model, phases, attention);
        } catch (ArithmeticException e) {
            throw (ArithmeticException) new ArithmeticException("a count exceeds 2^63-1").initCause(e);
        }
    }

    private static Account exact(ModelConfig model, List<Phase> phases, Attention attention) {
        ParameterAccount parameters = ParameterAccount.of(model);
        return new Account(
                model,
                attention,
                phases.stream()
                        .map(phase -> PhaseAccount.of(model, phase, attention, true))
                        .toList(),
                parameters,
                MemoryAccount.of(model, parameters, phases, attention));
    }

    /** What is counted, in words; every report prints it. */
    public String convention() {
        return attention.skipsMaskedTiles() ? CAUSAL_CONVENTION : CONVENTION;
    }

    /** The products of the prompt. */
    public PhaseAccount prefill() {
        return phases.get(0);
    }

    /** The products of the tokens decoded after the prompt, if any are. */
    public Optional<PhaseAccount> decode() {
        return phases.stream()
                .filter(account -> account.phase().name() == Phase.Name.DECODE)
                .findFirst();
    }

    /** B. */
    public int batch() {
        return prefill().phase().batch();
    }

    /** T, tokens of the prompt. */
    public int context() {
        return prefill().phase().tokens();
    }

    /** G, tokens decoded after the prompt; 0 if none are. */
    public int decodedTokens() {
        return decode().map(phase -> phase.phase().tokens()).orElse(0);
    }

    /** Chunk number {@code step} of a phase alone, from 0. */
    public PhaseAccount step(Phase phase, int step) {
        Chunk chunk = phase.chunk(step);
        Phase alone =
                new Phase(phase.name(), chunk.batch(), chunk.past(), chunk.queries(), chunk.queries(), phase.logits());
        return PhaseAccount.of(model, alone, attention, phase.hasLogits(step));
    }

    /** The same model, with a prompt of {@code tokens} in one chunk and nothing after it. */
    public Account atContext(int tokens) {
        return of(
                model,
                List.of(Phase.prefill(batch(), tokens, tokens, prefill().phase().logits())),
                attention);
    }

    /**
     * The same prompt in one chunk, in so many sequences, with tokens decoded after it.
     *
     * @param batch B, at least 1
     * @param decode G, tokens decoded after the prompt; if empty, none
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1
     * @throws IllegalArgumentException if more tokens are decoded than there are closed forms for
     */
    public Account with(int batch, OptionalInt decode) {
        return of(
                model,
                Phase.of(
                        batch,
                        context(),
                        OptionalInt.empty(),
                        decode,
                        prefill().phase().logits()),
                attention);
    }

    /**
     * The same run of a model {@code factor} times as wide: D, H, K and F grow, the width of a head stays.
     *
     * @param factor at least 1
     * @throws ArithmeticException if an extent, a count or a size is too large
     * @throws IllegalArgumentException if H·d exceeds 2³¹−1
     */
    public Account widened(int factor) {
        return of(
                model.widened(factor), phases.stream().map(PhaseAccount::phase).toList(), attention);
    }

    /** The extents of the prompt by their letters: B, T, D, V and L, and those of the first block. */
    public Map<String, Long> letters() {
        Map<String, Long> letters = new LinkedHashMap<>(model.firstBlock().extents());
        letters.put("B", (long) batch());
        letters.put("T", (long) context());
        letters.put("D", (long) model.dModel());
        letters.put("V", (long) model.vocabSize());
        letters.put("L", (long) model.numLayers());
        return letters;
    }

    /** Bytes of weights that the products of one token of each sequence read; of experts, the most there may be. */
    public long weightsBytesRead() {
        return Exact.product(FLOAT_BYTES, parameters.readByProducts(model, batch()));
    }

    /** Bytes of keys and values that the products of a token decoded at position t, counted from 1, read. */
    public long cacheBytesReadAt(long position) {
        return Exact.product(
                FLOAT_BYTES,
                batch(),
                Exact.sum(model.blocks().stream()
                        .mapToLong(block -> Exact.product(
                                Exact.sum(
                                        block.attention().keyWidth(),
                                        block.attention().valueWidth()),
                                Math.min(position, block.attention().window().orElse(Integer.MAX_VALUE))))
                        .toArray()));
    }
}
