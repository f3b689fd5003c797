package dev.flopscope;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.OptionalInt;

/** Builds runs: one sequence on two threads, by OpenBLAS, in small tiles, of which a test says what is different. */
public final class TestRuns {
    private final ModelConfig model;
    private int batch = 1;
    private OptionalInt context = OptionalInt.empty();
    private OptionalInt chunk = OptionalInt.empty();
    private OptionalInt decode = OptionalInt.empty();
    private LogitsRows logits = LogitsRows.ALL;
    private Attention attention = new Attention(Algorithm.TILED, 3, 4);
    private Prompt prompt = new Prompt.Seeded();
    private WeightsMode weights = WeightsMode.FULL;
    private Engine engine = Engine.OPENBLAS;

    private TestRuns(ModelConfig model) {
        this.model = model;
    }

    /** A run of {@code model}. */
    public static TestRuns of(ModelConfig model) {
        return new TestRuns(model);
    }

    /** B. */
    public TestRuns batch(int sequences) {
        batch = sequences;
        return this;
    }

    /** T. */
    public TestRuns context(int tokens) {
        context = OptionalInt.of(tokens);
        return this;
    }

    /** New tokens of the prompt in one forward pass. */
    public TestRuns chunk(int tokens) {
        chunk = OptionalInt.of(tokens);
        return this;
    }

    /** Tokens that are decoded after the prompt. */
    public TestRuns decode(int tokens) {
        decode = OptionalInt.of(tokens);
        return this;
    }

    /** Of which tokens there are logits. */
    public TestRuns logits(LogitsRows rows) {
        logits = rows;
        return this;
    }

    /** How attention is computed. */
    public TestRuns attention(Attention how) {
        attention = how;
        return this;
    }

    /** What is read. */
    public TestRuns prompt(Prompt read) {
        prompt = read;
        return this;
    }

    /** Whether each layer has weights of its own. */
    public TestRuns weights(WeightsMode mode) {
        weights = mode;
        return this;
    }

    /** Which library multiplies. */
    public TestRuns engine(Engine library) {
        engine = library;
        return this;
    }

    /** The run. */
    public RunSpec build() {
        return new RunSpec(model, batch, context, chunk, decode, logits, attention, prompt, weights, 1, engine, 2);
    }
}
