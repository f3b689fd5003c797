package dev.flopscope.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run: a prompt and what is decoded after it, and by what.
 *
 * @param model the model
 * @param batch B, sequences
 * @param context T asked for; if empty, the model's context length, or as many tokens as the prompt has
 * @param chunk new tokens of the prompt in one forward pass; if empty, all of them
 * @param decode N tokens to decode after the prompt, one by one, with a cache; if empty, none
 * @param logits of which tokens of the prompt there are logits
 * @param attention the algorithm of attention and its tiles
 * @param prompt what the run reads
 * @param checkpoint the folder that has the weights; if empty, the seed decides them
 * @param weights whether each layer has weights of its own
 * @param seed decides every bit of the weights that are not in a checkpoint, and of seeded ids
 * @param engine which library multiplies
 * @param threads threads of products and of everything between them
 */
public record RunSpec(
        ModelConfig model,
        int batch,
        OptionalInt context,
        OptionalInt chunk,
        OptionalInt decode,
        LogitsRows logits,
        Attention attention,
        Prompt prompt,
        Optional<Path> checkpoint,
        WeightsMode weights,
        long seed,
        Engine engine,
        int threads) {
    /** Seeded weights. */
    public RunSpec(
            ModelConfig model,
            int batch,
            OptionalInt context,
            OptionalInt chunk,
            OptionalInt decode,
            LogitsRows logits,
            Attention attention,
            Prompt prompt,
            WeightsMode weights,
            long seed,
            Engine engine,
            int threads) {
        this(
                model,
                batch,
                context,
                chunk,
                decode,
                logits,
                attention,
                prompt,
                Optional.empty(),
                weights,
                seed,
                engine,
                threads);
    }

    /** Longest sequence this run may have: {@code --context} if given, else the model's own. */
    public int longestContext() {
        return context.orElse(model.contextLength());
    }

    /** The same run with {@code tokens} decoded tokens. */
    public RunSpec decoding(int tokens) {
        return with(OptionalInt.of(tokens), prompt);
    }

    /** The same run of another prompt. */
    public RunSpec reading(Prompt other) {
        return with(decode, other);
    }

    private RunSpec with(OptionalInt decoded, Prompt read) {
        return new RunSpec(
                model,
                batch,
                context,
                chunk,
                decoded,
                logits,
                attention,
                read,
                checkpoint,
                weights,
                seed,
                engine,
                threads);
    }

    /** The phases of this run after a prompt of {@code tokens}. */
    public List<Phase> phases(int tokens) {
        return Phase.of(batch, tokens, chunk, decode, logits);
    }

    /** Whether keys and values are cached: for tokens that are decoded, or for later chunks of a prompt of {@code tokens}. */
    public boolean needsCache(int tokens) {
        return decode.isPresent() || chunk.orElse(tokens) < tokens;
    }
}
