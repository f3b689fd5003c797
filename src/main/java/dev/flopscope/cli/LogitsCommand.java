package dev.flopscope.cli;

import dev.flopscope.report.logits.LogitsReport;
import dev.flopscope.run.Logits;
import dev.flopscope.run.Measurer;
import dev.flopscope.time.Timeline;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code logits}: what a model says after each token of a prompt. */
@Command(
        name = "logits",
        description = "Reads a prompt through a model, usually a checkpoint's, and writes the logits after its last"
                + " token, the likeliest token after each, and sums over all; counted and held against closed forms"
                + " like any run.",
        footer = {
            "",
            "Examples:",
            "  flopscope logits CHECKPOINT --tokens 1,2,3 --format json",
            "  flopscope logits CHECKPOINT --tokens @ids.txt --chunk 16 --output logits.json"
        })
final class LogitsCommand extends ReportCommand {
    @Mixin
    private PassOptions pass = new PassOptions();

    @Override
    List<String> inputs() {
        return pass.inputs();
    }

    @Override
    int execute() {
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            Logits logits =
                    pass.execute(this::warn, spec -> new Measurer(progress, Timeline.none(), this::warn).logits(spec));
            show(new LogitsReport(logits));
            return logits.measurement().agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }
}
