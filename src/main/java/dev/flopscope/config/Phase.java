package dev.flopscope.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Chunks of work one after the other, each over what those before it have cached: a prompt, whole or in chunks, or tokens
 * decoded one by one.
 *
 * @param name which phase
 * @param batch B, sequences
 * @param past tokens of each sequence that are cached before the first chunk
 * @param tokens new tokens of each sequence, all chunks together
 * @param queries new tokens of each sequence in one chunk; the last chunk may have fewer
 * @param logits of which tokens there are logits
 */
public record Phase(Name name, int batch, int past, int tokens, int queries, LogitsRows logits) {
    /** The most chunks that there can be closed forms for: every chunk has shapes of its own, which are listed. */
    public static final int MOST_STEPS = 1 << 20;

    /** The phases of a run. */
    public enum Name {
        /** The prompt. */
        PREFILL("prefill", "pass"),
        /** The tokens after it, one by one. */
        DECODE("decode", "decoding");

        private final String label;
        private final String one;

        Name(String label, String one) {
            this.label = label;
            this.one = one;
        }

        /** The name in tables, JSON and CSV. */
        public String label() {
            return label;
        }

        /** What one repetition of it is called. */
        public String one() {
            return one;
        }
    }

    /**
     * Checks the extents.
     *
     * @throws IllegalArgumentException if one is too small, or there are more than {@link #MOST_STEPS} chunks
     * @throws ArithmeticException if past and new tokens exceed 2³¹−1
     */
    public Phase {
        new Chunk(batch, tokens, past);
        if (queries < 1 || queries > tokens) {
            throw new IllegalArgumentException("a chunk must have from 1 to " + tokens + " tokens: queries=" + queries);
        }
        if ((tokens - 1) / queries >= MOST_STEPS) {
            throw new IllegalArgumentException(
                    "there must be at most " + MOST_STEPS + " chunks: tokens=" + tokens + ", queries=" + queries);
        }
    }

    /**
     * The phases of a run after a prompt of {@code tokens}.
     *
     * @param chunk new tokens of the prompt in one forward pass; if empty, all of them
     * @param decode tokens that are decoded after it; if empty, none
     */
    public static List<Phase> of(int batch, int tokens, OptionalInt chunk, OptionalInt decode, LogitsRows logits) {
        List<Phase> phases = new ArrayList<>();
        phases.add(prefill(batch, tokens, chunk.orElse(tokens), logits));
        decode.ifPresent(decoded -> phases.add(decode(batch, tokens, decoded)));
        return phases;
    }

    /** A prompt of {@code tokens}, in chunks of at most {@code chunk}. */
    public static Phase prefill(int batch, int tokens, int chunk, LogitsRows logits) {
        return new Phase(Name.PREFILL, batch, 0, tokens, Math.min(chunk, tokens), logits);
    }

    /** A prompt in one chunk, with logits of every token. */
    public static Phase prefill(int batch, int tokens) {
        return prefill(batch, tokens, tokens, LogitsRows.ALL);
    }

    /** {@code tokens} decoded one by one after a prompt of {@code past}. */
    public static Phase decode(int batch, int past, int tokens) {
        return new Phase(Name.DECODE, batch, past, tokens, 1, LogitsRows.ALL);
    }

    /** How many chunks there are. */
    public int steps() {
        return (tokens - 1) / queries + 1;
    }

    /** Chunk number {@code step}, from 0. */
    public Chunk chunk(int step) {
        int done = step * queries;
        return new Chunk(batch, Math.min(queries, tokens - done), past + done);
    }

    /** All chunks, in their order. */
    public Stream<Chunk> chunks() {
        return IntStream.range(0, steps()).mapToObj(this::chunk);
    }

    /** Cached tokens of each sequence when the phase has ended. */
    public int end() {
        return past + tokens;
    }

    /** Whether chunk number {@code step} ends in the LM head: with logits of the last token alone, only the last chunk does. */
    public boolean hasLogits(int step) {
        return logits == LogitsRows.ALL || step == steps() - 1;
    }
}
