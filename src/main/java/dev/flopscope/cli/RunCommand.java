package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.report.RunReport;
import dev.flopscope.run.PassRunner;
import dev.flopscope.run.RunResult;
import dev.flopscope.time.Timeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: one counted pass, held against its closed form. */
@Command(
        name = "run",
        description = "Runs a forward pass for real, counts and times every product, and holds the counts against"
                + " the closed forms. With --decode, tokens that follow are counted and timed too, and held against"
                + " the bandwidth that is measured here.",
        footer = {
            "",
            "Examples:",
            "  flopscope run gpt2-small",
            "  echo 'The capital of France is' | flopscope run gpt2-small --text -",
            "  flopscope run gpt2-small --decode 32",
            "  flopscope run gpt2-xl --format json --output xl.md"
        })
final class RunCommand extends ReportCommand {
    @Mixin
    private PassOptions pass = new PassOptions();

    @Mixin
    private DecodeOption decode = new DecodeOption();

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    @Override
    int execute() {
        recording.requireWritable(outputFiles());
        try (Recordings recordings = recording.start()) {
            RunResult result = pass.execute(spec -> run(spec.decoding(decode.tokens()), recordings.timeline()));
            show(new RunReport(result));
            recordings.write(result.spec(), result.account(), result.machine(), this::warn);
            return result.agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    private static RunResult run(RunSpec spec, Timeline timeline) {
        try (ProgressBars progress = new ProgressBars()) {
            return new PassRunner(progress, timeline).run(spec);
        }
    }
}
