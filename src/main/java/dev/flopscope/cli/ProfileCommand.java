package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.document.Report;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.report.profile.ProfileReport;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Measurer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
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
final class ProfileCommand extends MeasuringCommand {
    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "10",
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
            description = "What tables and CSV take together: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Grouping grouping = Grouping.KIND;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "12",
            description = "Rows of a table, at most; JSON and CSV have all (default: ${DEFAULT-VALUE}).")
    private int top = 1;

    @Override
    Measurement measure(Measurer measurer, RunSpec spec) {
        return measurer.profile(spec, Steadiness.within(warmUp), repetitions);
    }

    @Override
    Report report(Measurement measurement) {
        return new ProfileReport(measurement, grouping, top);
    }

    /** Reads a number of passes, which may be 0. */
    static final class WarmUpConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return value.equals("0") ? 0 : IntegerList.number(value);
        }
    }
}
