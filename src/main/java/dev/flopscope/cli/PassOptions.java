package dev.flopscope.cli;

import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model and everything that decides what one run of it computes: for commands that execute passes. */
final class PassOptions {
    @Parameters(paramLabel = "MODEL", description = GridOptions.MODEL)
    private String model = "";

    @Option(
            names = "--context",
            paramLabel = "T",
            description = "Tokens of a sequence; with --text or --tokens, the most there may be"
                    + " (default: the model's context_length).")
    private @Nullable Integer context;

    @Option(
            names = "--batch",
            paramLabel = "B",
            defaultValue = "1",
            description = "Sequences in one pass (default: ${DEFAULT-VALUE}).")
    private int batch = 1;

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

    @Mixin
    private PhaseOptions phases = new PhaseOptions();

    /** The run that was asked for; its model and prompt are read here. */
    private RunSpec spec(Consumer<String> warn) {
        ModelSource source = new ModelCatalog().findSource(model);
        source.warnings().forEach(warn);
        ModelConfig config = source.model();
        Prompt read = (prompt == null ? new PromptOptions() : prompt).read();
        if (read instanceof Prompt.Seeded) {
            phases.requireFewChunks(context == null ? config.contextLength() : context);
        }
        return new RunSpec(
                config,
                batch,
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                phases.chunk(),
                phases.decode(),
                phases.logits(),
                attention.chosen(Algorithm.TILED),
                read,
                source.folder(),
                weights.mode(),
                weights.seed(),
                engine.chosen(),
                threads.count());
    }

    /** The files, or the name of a shipped model, that are read. */
    List<String> inputs() {
        List<String> inputs = new ArrayList<>(List.of(model));
        if (prompt != null) {
            inputs.addAll(prompt.inputs());
        }
        return inputs;
    }

    /**
     * Executes the run that was asked for by {@code work}.
     *
     * @param warn told what the reader of the model's config should know, a line each
     * @throws dev.flopscope.config.BadDataException if a count of it exceeds 2⁶³−1
     */
    <T> T execute(Consumer<String> warn, Function<RunSpec, T> work) {
        RunSpec spec = spec(warn);
        return Counts.withinRange(spec.model(), spec.batch(), spec.longestContext(), () -> work.apply(spec));
    }
}
