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
        Prompt prompt) {

    /** Longest sequence this run may have: {@code --context} if given, else the model's own. */
    public int longestContext() {
        return context.orElse(model.contextLength());
    }
}
