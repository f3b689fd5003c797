package dev.flopscope.config;

import java.util.OptionalInt;

/**
 * One pass to run.
 *
 * @param model the model
 * @param batch B, sequences
 * @param context T asked for; if empty, the model's context length, or as many tokens as the prompt has
 * @param threads threads of BLAS and of everything between products
 * @param seed decides every bit of the weights and of seeded ids
 * @param weights whether each layer has weights of its own
 * @param attention the algorithm of attention and its tiles
 * @param engine which library multiplies
 * @param prompt what the pass reads
 * @param decode N tokens to decode after the pass, one by one, with a cache; if empty, none
 */
public record RunSpec(
        ModelConfig model,
        int batch,
        OptionalInt context,
        int threads,
        long seed,
        WeightsMode weights,
        Attention attention,
        Engine engine,
        Prompt prompt,
        OptionalInt decode) {

    /** A run that decodes nothing. */
    public RunSpec(
            ModelConfig model,
            int batch,
            OptionalInt context,
            int threads,
            long seed,
            WeightsMode weights,
            Attention attention,
            Engine engine,
            Prompt prompt) {
        this(model, batch, context, threads, seed, weights, attention, engine, prompt, OptionalInt.empty());
    }

    /** The same run, decoding {@code tokens} after the pass, or none. */
    public RunSpec decoding(OptionalInt tokens) {
        return new RunSpec(model, batch, context, threads, seed, weights, attention, engine, prompt, tokens);
    }

    /** Longest sequence this run may have: {@code --context} if given, else the model's own. */
    public int longestContext() {
        return context.orElse(model.contextLength());
    }
}
