package dev.flopscope.cli;

import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model and everything that decides what one run of it computes: for commands that measure passes. */
final class PassOptions {
    @Mixin
    private SequenceOptions sequence = new SequenceOptions();

    @Option(
            names = "--context",
            paramLabel = "T",
            description = "Tokens of a sequence; with --text, --prompt or --tokens, the most there may be"
                    + " (default: the model's context_length).")
    private @Nullable Integer context;

    @Option(
            names = "--batch",
            paramLabel = "B",
            defaultValue = "1",
            description = "Sequences in one pass (default: ${DEFAULT-VALUE}).")
    private int batch = 1;

    @Mixin
    private PhaseOptions phases = new PhaseOptions();

    /** The run that was asked for; its model and prompt are read here. */
    private RunSpec spec(Consumer<String> warn) {
        ModelSource source = sequence.source(warn);
        Prompt read = sequence.prompt();
        if (read instanceof Prompt.Seeded) {
            phases.requireFewChunks(context == null ? source.model().contextLength() : context);
        }
        return sequence.spec(
                source,
                read,
                batch,
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                phases.chunk(),
                phases.decode(),
                phases.logits());
    }

    /** The files, or the name of a shipped model, that are read. */
    List<String> inputs() {
        return sequence.inputs();
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
