package dev.flopscope.cli;

import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.report.RunReport;
import dev.flopscope.run.PassRunner;
import dev.flopscope.run.RunResult;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code run}: one counted pass, held against its closed form. */
@Command(
        name = "run",
        description = "Runs a forward pass for real, counts and times every product, and holds the counts against"
                + " the closed forms.",
        footer = {
            "",
            "Examples:",
            "  flopscope run gpt2-small",
            "  echo 'The capital of France is' | flopscope run gpt2-small --text -",
            "  flopscope run gpt2-xl --format json --output xl.md"
        })
final class RunCommand extends ReportCommand {
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

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides every bit of the weights and of seeded ids (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--weights",
            paramLabel = "MODE",
            defaultValue = "full",
            converter = WeightsConverter.class,
            description = "full: every layer has its own; shared: all layers read one layer's memory, for models"
                    + " larger than the machine (default: ${DEFAULT-VALUE}).")
    private WeightsMode weights = WeightsMode.FULL;

    @Mixin
    private AttentionOptions attention = new AttentionOptions();

    @Mixin
    private EngineOption engine = new EngineOption();

    @ArgGroup(exclusive = true)
    private @Nullable PromptOptions prompt;

    @Override
    int execute() {
        ModelConfig config = new ModelCatalog().find(model);
        RunSpec run = new RunSpec(
                config,
                batch,
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                threads.count(),
                seed,
                weights,
                attention.chosen(Algorithm.TILED),
                engine.chosen(),
                (prompt == null ? new PromptOptions() : prompt).read());
        RunResult result = Counts.withinRange(config, batch, run.longestContext(), () -> pass(run));
        show(new RunReport(result));
        return result.agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private static RunResult pass(RunSpec run) {
        try (ProgressBars progress = new ProgressBars()) {
            return new PassRunner(progress).run(run);
        }
    }

    /** Reads a weights mode's label. */
    static final class WeightsConverter implements ITypeConverter<WeightsMode> {
        @Override
        public WeightsMode convert(String value) {
            return Arrays.stream(WeightsMode.values())
                    .filter(mode -> mode.label().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is not full or shared"));
        }
    }
}
