package dev.flopscope.cli;

import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The model, its prompt, and what computes them: for commands that execute passes. */
final class SequenceOptions {
    @Parameters(paramLabel = "MODEL", description = GridOptions.MODEL)
    private String model = "";

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WeightsOptions weights = new WeightsOptions();

    @Mixin
    private AttentionOptions attention = new AttentionOptions();

    @Mixin
    private EngineOption engine = new EngineOption();

    @ArgGroup(exclusive = true)
    private @Nullable PromptOptions prompt;

    /**
     * Finds the model.
     *
     * @param warn told what the reader of its config should know, a line each
     */
    ModelSource source(Consumer<String> warn) {
        ModelSource source = new ModelCatalog().findSource(model);
        source.warnings().forEach(warn);
        return source;
    }

    /** What is read; seeded ids if nothing was said. */
    Prompt prompt() {
        return (prompt == null ? new PromptOptions() : prompt).read();
    }

    /** The run of these and of what else is known of it. */
    RunSpec spec(
            ModelSource source,
            Prompt read,
            int batch,
            OptionalInt context,
            OptionalInt chunk,
            OptionalInt decode,
            LogitsRows logits) {
        Engine chosen = engine.chosen();
        return new RunSpec(
                source.model(),
                batch,
                context,
                chunk,
                decode,
                logits,
                attention.chosen(chosen.attention()),
                read,
                source.folder(),
                weights.mode(),
                weights.seed(),
                chosen,
                threads.count());
    }

    /** What decides every bit that is not in a checkpoint. */
    long seed() {
        return weights.seed();
    }

    /** The files, or the name of a shipped model, that are read. */
    List<String> inputs() {
        List<String> inputs = new ArrayList<>(List.of(model));
        if (prompt != null) {
            inputs.addAll(prompt.inputs());
        }
        return inputs;
    }
}
