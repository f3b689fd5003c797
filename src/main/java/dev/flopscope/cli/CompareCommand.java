package dev.flopscope.cli;

import dev.flopscope.compare.ResultComparison;
import dev.flopscope.compare.ResultComparison.By;
import dev.flopscope.compare.SavedResult;
import dev.flopscope.compare.SavedResultReader;
import dev.flopscope.compare.SlowDown;
import dev.flopscope.config.BadDataException;
import dev.flopscope.report.compare.CompareReport;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code compare}: two saved results, work apart from speed. */
@Command(
        name = "compare",
        description = "Says what changed between two saved results of run or profile: how much of a change of time is"
                + " more or less work, how much is speed, and whether noise could have made it.",
        footer = {
            "",
            "Repetitions of profile give intervals and verdicts; run measures one pass, which gives neither.",
            "",
            "Examples:",
            "  flopscope profile gpt2-small --repetitions 10 --output before.json",
            "  flopscope profile gpt2-small --repetitions 10 --output after.json",
            "  flopscope compare before.json after.json --fail-above 5%%"
        })
final class CompareCommand extends ReportCommand {
    @Parameters(index = "0", paramLabel = "A", description = "The first result, a JSON file.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "The second result, a JSON file.")
    private String second = "";

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "kind",
            description =
                    "Rows: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). Sites are in the files of profile.")
    private By by = By.KIND;

    @Option(
            names = "--margin",
            paramLabel = "P%",
            defaultValue = "5",
            converter = PercentConverter.class,
            description = "A change up to this is never called one: two processes of the same program differ by"
                    + " more than their repetitions show (default: ${DEFAULT-VALUE} %%).")
    private double margin;

    @Option(
            names = "--fail-above",
            paramLabel = "P%",
            converter = PercentConverter.class,
            description = "Exit with 1 if B is shown to be slower by more than this, in the pass or in decoding, or"
                    + " if that cannot be excluded.")
    private @Nullable Double failAbove;

    @Override
    List<String> inputs() {
        return List.of(first, second);
    }

    @Override
    int execute() {
        SavedResult a = read(first);
        SavedResult b = read(second);
        ResultComparison comparison = ResultComparison.of(a, b, by, margin);
        show(new CompareReport(comparison, failAbove == null ? OptionalDouble.empty() : OptionalDouble.of(failAbove)));
        if (failAbove == null) {
            return ExitCode.OK;
        }
        return comparison.slowDown(failAbove) == SlowDown.EXCLUDED ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private SavedResult read(String file) {
        SavedResult result = new SavedResultReader().read(file, InputFile.text(file));
        if (by == By.SITE && result.prefill().sites().isEmpty()) {
            throw new BadDataException(file, "has no by_site, which --by site needs; profile writes it, run does not");
        }
        return result;
    }

    /** Reads {@code 5%}, {@code 2.5 %} or {@code 5} as 0.05, 0.025 and 0.05. */
    static final class PercentConverter implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            String number = value.strip().replaceFirst("\\s*%$", "");
            if (!number.matches("\\d{1,4}(\\.\\d{1,6})?")) {
                throw new TypeConversionException("'" + value + "' is not a percentage such as 5% or 2.5%");
            }
            return Double.parseDouble(number) / 100;
        }
    }
}
