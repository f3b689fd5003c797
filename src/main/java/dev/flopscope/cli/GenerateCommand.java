package dev.flopscope.cli;

import dev.flopscope.config.Decoding;
import dev.flopscope.config.EndTokens;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.document.Format;
import dev.flopscope.report.generate.GenerateReport;
import dev.flopscope.run.Generation;
import dev.flopscope.run.Measurer;
import dev.flopscope.run.ProgressListener;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.time.Timeline;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code generate}: a text that goes on. */
@Command(
        name = "generate",
        description = "Continues a text, token by token, and prints it as it grows; counts every product meanwhile, and"
                + " says at the end how many tokens a second the prompt and what follows took.",
        footer = {
            "",
            "Without a temperature, the likeliest token is chosen each time, so that every run gives the same text.",
            "",
            "Examples:",
            "  flopscope generate CHECKPOINT --prompt 'Once upon a time'",
            "  flopscope generate CHECKPOINT --text story.txt --temperature 0.8 --top-k 40 --top-p 0.95 --seed 7",
            "  flopscope generate CHECKPOINT --tokens 1,2,3 --decode 16 --format json"
        })
final class GenerateCommand extends ReportCommand {
    @Mixin
    private SequenceOptions sequence = new SequenceOptions();

    @Option(
            names = "--decode",
            paramLabel = "N",
            defaultValue = "128",
            description = "The most tokens to decode; the model's context_length ends the text, too"
                    + " (default: ${DEFAULT-VALUE}).")
    private int decode = 128;

    @Option(
            names = "--chunk",
            paramLabel = "C",
            description = "Tokens of the prompt in one pass (default: all of them).")
    private @Nullable Integer chunk;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0",
            description = "Draw tokens, by logits divided by X; 0 takes the likeliest (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Draw from the K likeliest tokens alone (default: from all).")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Of these, draw from the likeliest that have the probability P together"
                    + " (default: ${DEFAULT-VALUE}).")
    private double topP = 1;

    @Option(
            names = "--ignore-eos",
            description = "Go on after a token that ends a text, which the checkpoint names under eos_token_id.")
    private boolean ignoreEnd;

    @Override
    List<String> inputs() {
        return sequence.inputs();
    }

    @Override
    int execute() {
        ModelSource source = sequence.source(this::warn);
        Decoding decoding = decoding(source);
        RunSpec spec = spec(source);
        boolean streamed = output().format() == Format.TABLE;
        TextStream stream = new TextStream(out());
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            Generation generation = Counts.withinRange(
                    spec.model(),
                    spec.batch(),
                    spec.longestContext(),
                    () -> new Measurer(untilText(progress), Timeline.none(), this::warn)
                            .generate(spec, decoding, text -> {
                                progress.clear();
                                if (streamed) {
                                    stream.grow(text);
                                }
                            }));
            if (streamed) {
                stream.end(generation.text().orElse(""));
                out().println();
            }
            Writing writing = new Writing();
            output().show(new GenerateReport(generation, streamed), commandLine(), out(), writing);
            output().writeFiles(new GenerateReport(generation, false), commandLine(), writing);
            writing.finish();
            return generation.measurement().agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    /** Progress until the text begins, which shows by itself how far it is. */
    private static ProgressListener untilText(ProgressListener progress) {
        return (activity, done, all) -> {
            if (activity != Activity.DECODING) {
                progress.advanced(activity, done, all);
            }
        };
    }

    private Decoding decoding(ModelSource source) {
        Set<Integer> ends =
                ignoreEnd ? Set.of() : source.folder().map(EndTokens::of).orElse(Set.of());
        try {
            return new Decoding(
                    temperature,
                    topK == null ? OptionalInt.empty() : OptionalInt.of(topK),
                    topP,
                    sequence.seed(),
                    ends);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("--" + e.getMessage());
        }
    }

    private RunSpec spec(ModelSource source) {
        Prompt prompt = sequence.prompt();
        if (prompt instanceof Prompt.Seeded) {
            throw new TypeConversionException("there is nothing to continue: --prompt, --text or --tokens gives it");
        }
        if (decode > Phase.MOST_STEPS) {
            throw new TypeConversionException(
                    "--decode " + decode + " is more than the " + Phase.MOST_STEPS + " tokens that can be decoded");
        }
        return sequence.spec(
                source,
                prompt,
                1,
                OptionalInt.empty(),
                chunk == null ? OptionalInt.empty() : OptionalInt.of(chunk),
                OptionalInt.of(decode),
                LogitsRows.LAST);
    }
}
