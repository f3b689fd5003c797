package dev.flopscope.cli;

import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.RunSpec;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model and everything that decides what one pass through it computes: for commands that execute passes. */
final class PassOptions {
    @Parameters(paramLabel = "MODEL", description = ModelArgument.DESCRIPTION)
    private String model = "";

    @Option(
            names = "--context",
            paramLabel = "T",
            converter = Numbers.OneConverter.class,
            description = "Tokens of a sequence; with --text or --tokens, the most there may be"
                    + " (default: the model's context_length).")
    private @Nullable Integer context;

    @Option(
            names = "--batch",
            paramLabel = "B",
            defaultValue = "1",
            converter = Numbers.OneConverter.class,
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

    /** The pass that was asked for; its model and prompt are read here. */
    private RunSpec spec() {
        return new RunSpec(
                new ModelCatalog().find(model),
                batch,
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                threads.count(),
                weights.seed(),
                weights.mode(),
                attention.chosen(Algorithm.TILED),
                engine.chosen(),
                (prompt == null ? new PromptOptions() : prompt).read());
    }

    /**
     * Executes the pass that was asked for by {@code work}.
     *
     * @throws dev.flopscope.config.BadDataException if a count of it exceeds 2⁶³−1
     */
    <T> T execute(Function<RunSpec, T> work) {
        RunSpec spec = spec();
        return Counts.withinRange(spec.model(), spec.batch(), spec.longestContext(), () -> work.apply(spec));
    }
}
