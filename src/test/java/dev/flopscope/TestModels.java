package dev.flopscope;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.OptionalInt;

/** Models and runs that several tests use. */
public final class TestModels {
    private static final int GPT2_VOCABULARY = 50_257;

    private TestModels() {}

    /** A shipped model. */
    public static ModelConfig shipped(String name) {
        return new ModelCatalog().find(name);
    }

    /** GPT-2 124M as commonly sized: tied, two feed-forward products of 4·D. */
    public static ModelConfig gpt2Small124M() {
        return tiedGelu("gpt2-124m", GPT2_VOCABULARY, 12, 768, 12, 3072);
    }

    /** A model with a tied LM head and two feed-forward products. */
    public static ModelConfig tiedGelu(String name, int vocabSize, int layers, int dModel, int heads, int dFf) {
        return model(name, vocabSize, layers, dModel, heads, heads, dModel / heads, dFf, true, FeedForward.GELU);
    }

    /** A model with an LM head of its own and three feed-forward products. */
    public static ModelConfig swiglu(String name, int vocabSize, int layers, int dModel, int heads, int dFf) {
        return model(name, vocabSize, layers, dModel, heads, heads, dModel / heads, dFf, false, FeedForward.SWIGLU);
    }

    /** Any model with a context length of 1,024 and the usual constants. */
    public static ModelConfig model(
            String name,
            int vocabSize,
            int layers,
            int dModel,
            int heads,
            int kvHeads,
            int headDim,
            int dFf,
            boolean tied,
            FeedForward feedForward) {
        return new ModelConfig(
                name, vocabSize, 1024, layers, dModel, heads, kvHeads, headDim, dFf, tied, feedForward, 10_000, 1e-5);
    }

    /** A run of {@code model} on one thread. */
    public static RunSpec run(ModelConfig model, int batch, OptionalInt context, WeightsMode weights, Prompt prompt) {
        return new RunSpec(model, batch, context, 1, 0, weights, Attention.full(), Engine.OPENBLAS, prompt);
    }
}
