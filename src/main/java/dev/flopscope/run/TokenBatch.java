package dev.flopscope.run;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.text.SeededTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The token ids of a prompt, checked against the model.
 *
 * <p>Seeded ids are made only when asked for, so that an impossible size can be refused before it takes memory.
 */
final class TokenBatch {
    private final RunSpec spec;
    private final int[] sequence;
    private final int context;

    private TokenBatch(RunSpec spec, int[] sequence, int context) {
        this.spec = spec;
        this.sequence = sequence;
        this.context = context;
    }

    /**
     * Reads the prompt of {@code spec}.
     *
     * @throws BadDataException if it has no token, more than the context, more than can be read in its chunks, or an id
     *     that the model lacks
     */
    static TokenBatch of(RunSpec spec) {
        Prompt prompt = spec.prompt();
        if (prompt instanceof Prompt.Ids ids) {
            return checked(spec, ids.ids(), ids.source());
        }
        if (prompt instanceof Prompt.Text text) {
            int[] ids = Tokenizers.of(spec)
                    .orElseThrow(() -> new BadDataException(
                            spec.model().name(),
                            "the checkpoint has no tokenizer.json, by which text could be read; --tokens gives ids"))
                    .encode(text.text(), spec.longestContext())
                    .orElseThrow(() -> tooMany(spec, text.source()));
            return checked(spec, Arrays.stream(ids).asLongStream().boxed().toList(), text.source());
        }
        return new TokenBatch(spec, new int[0], spec.longestContext());
    }

    private static TokenBatch checked(RunSpec spec, List<Long> ids, String source) {
        ModelConfig model = spec.model();
        if (ids.isEmpty()) {
            throw new BadDataException(source, "has no tokens");
        }
        if (ids.size() > spec.longestContext()) {
            throw tooMany(spec, source);
        }
        requireFewChunks(spec, ids.size(), source);
        for (long id : ids) {
            if (id < 0 || id >= model.vocabSize()) {
                throw new BadDataException(
                        source,
                        "token id " + id + " is not in " + model.name() + "'s vocabulary: vocab_size="
                                + model.vocabSize());
            }
        }
        return new TokenBatch(spec, ids.stream().mapToInt(Long::intValue).toArray(), ids.size());
    }

    private static BadDataException tooMany(RunSpec spec, String source) {
        return new BadDataException(
                source,
                String.format(
                        Locale.ROOT,
                        "has more than the context of %,d tokens; --context can raise it",
                        spec.longestContext()));
    }

    private static void requireFewChunks(RunSpec spec, int tokens, String source) {
        if (spec.chunk().isPresent() && (tokens - 1) / spec.chunk().getAsInt() >= Phase.MOST_STEPS) {
            throw new BadDataException(
                    source,
                    String.format(
                            Locale.ROOT,
                            "has %,d tokens, which --chunk %d cuts into more than %,d chunks",
                            tokens,
                            spec.chunk().getAsInt(),
                            Phase.MOST_STEPS));
        }
    }

    /** T. */
    int context() {
        return context;
    }

    /** B·T ids, sequence by sequence. */
    int[] ids() {
        int batch = spec.batch();
        if (spec.prompt() instanceof Prompt.Seeded) {
            return SeededTokens.generate(
                    Math.multiplyExact(batch, context), spec.model().vocabSize(), spec.seed());
        }
        int[] ids = new int[Math.multiplyExact(batch, context)];
        for (int copy = 0; copy < batch; copy++) {
            System.arraycopy(sequence, 0, ids, copy * context, context);
        }
        return ids;
    }
}
