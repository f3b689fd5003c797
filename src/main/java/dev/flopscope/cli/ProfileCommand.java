package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.report.ProfileReport;
import dev.flopscope.run.ProfileResult;
import dev.flopscope.run.Profiler;
import dev.flopscope.time.Timeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code profile}: many counted passes, and where their time goes. */
@Command(
        name = "profile",
        description =
                "Measures what this machine reaches, repeats a counted pass until it is steady and then some"
                        + " more, and ranks its products by the time they take beyond what products of their shape reach"
                        + " here. With --decode, the tokens that follow are decoded and measured as often, from the same prompt.",
        footer = {
            "",
            "Every repetition's counts are held against the closed forms.",
            "",
            "Examples:",
            "  flopscope profile gpt2-small",
            "  flopscope profile gpt2-small --by layer --repetitions 20",
            "  flopscope profile gpt2-small --decode 32",
            "  flopscope profile gpt2-xl --context 512 --output xl.json --output xl.md"
        })
final class ProfileCommand extends ReportCommand {
    @Mixin
    private PassOptions pass = new PassOptions();

    @Mixin
    private DecodeOption decode = new DecodeOption();

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "10",
            converter = Numbers.OneConverter.class,
            description = "Measured passes, and decodings of all tokens after them (default: ${DEFAULT-VALUE}).")
    private int repetitions = 1;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "6",
            converter = WarmUpConverter.class,
            description =
                    "Passes, and decodings, before them, at most: they end as soon as the last three are within 5 %%"
                            + " of each other; 0 for none (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--by",
            paramLabel = "GROUP",
            defaultValue = "kind",
            converter = Groupings.class,
            completionCandidates = Groupings.class,
            description = "What tables and CSV take together: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Grouping grouping = Grouping.KIND;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "12",
            converter = Numbers.OneConverter.class,
            description = "Rows of a table, at most; JSON and CSV have all (default: ${DEFAULT-VALUE}).")
    private int top = 1;

    @Override
    int execute() {
        recording.requireWritable(outputFiles());
        try (Recordings recordings = recording.start()) {
            ProfileResult result = pass.execute(spec -> profile(spec.decoding(decode.tokens()), recordings.timeline()));
            show(new ProfileReport(result, grouping, top));
            recordings.write(result.spec(), result.account(), result.machine(), this::warn);
            return result.agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    private ProfileResult profile(RunSpec spec, Timeline timeline) {
        try (ProgressBars progress = new ProgressBars()) {
            return new Profiler(progress, timeline).profile(spec, Steadiness.within(warmUp), repetitions);
        }
    }

    /** Reads a number of passes, which may be 0. */
    static final class WarmUpConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return value.equals("0") ? 0 : Numbers.number(value);
        }
    }

    /** The labels of {@link Grouping}. */
    static final class Groupings extends Choice<Grouping> {
        Groupings() {
            super(Grouping.values(), Grouping::label);
        }
    }
}
