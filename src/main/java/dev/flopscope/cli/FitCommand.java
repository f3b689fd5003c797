package dev.flopscope.cli;

import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelSource;
import dev.flopscope.report.fit.FitReport;
import dev.flopscope.run.FitResult;
import dev.flopscope.run.Fitter;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fit}: formulas from counts. */
@Command(
        name = "fit",
        description =
                "Executes a hundred or more small models of a model's traits, all of other sizes, and recovers from"
                        + " what was counted in them, and nothing else, the formula of each product; then lays it beside the"
                        + " closed form.",
        footer = {
            "",
            "The letters are those of the closed forms: B sequences, T tokens, G tokens decoded after them, L layers, D"
                    + " width, H query heads, K key/value heads, d width of a head, F width of the feed-forward network,"
                    + " V vocabulary, E experts, k experts a token, w window. What depends on tiles or windows is no"
                    + " polynomial; the report says at which size that shows.",
            "",
            "Examples:",
            "  flopscope fit gpt2-small",
            "  flopscope fit mixtral-8x7b --decode 16",
            "  flopscope fit gpt2-small --attention causal"
        })
final class FitCommand extends ReportCommand {
    @Parameters(paramLabel = "MODEL", description = GridOptions.MODEL)
    private String model = "";

    @Option(
            names = "--context",
            paramLabel = "T",
            description = "Tokens of the sequence at which formulas are compared as numbers, too (default: the model's"
                    + " context_length).")
    private @Nullable Integer context;

    @Mixin
    private DecodeOption decode = new DecodeOption();

    @Option(
            names = "--attention",
            paramLabel = "HOW",
            defaultValue = "tiled",
            description = "full, tiled, or causal: with tiles of 2×2 scores (default: ${DEFAULT-VALUE}).")
    private Algorithm attention = Algorithm.TILED;

    @Mixin
    private EngineOption engine = new EngineOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Override
    List<String> inputs() {
        return List.of(model);
    }

    @Override
    int execute() {
        ModelSource source = new ModelCatalog().findSource(model);
        source.warnings().forEach(this::warn);
        ModelConfig config = source.model();
        int tokens = context == null ? config.contextLength() : context;
        OptionalInt decoded = decode.count();
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            FitResult result = Counts.withinRange(
                    config,
                    1,
                    tokens,
                    () -> new Fitter(progress, engine.chosen(), threads.count())
                            .fit(config, tokens, decoded, attention));
            show(new FitReport(result));
            return result.agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }
}
