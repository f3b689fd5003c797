package dev.flopscope.cli;

import dev.flopscope.report.hardware.HardwareReport;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.HardwareResult;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hardware}: what a run would run on, and what that reaches. */
@Command(
        name = "hardware",
        description = "Shows the CPU, memory, and the BLAS library and kernel in use, and measures what they reach:"
                + " multiply-adds, memory, and products by class of shape, with 1, 2, 4 … N threads.",
        footer = {
            "",
            "Measuring takes some seconds on a quiet machine and some hundreds of MB of memory; it loads all cores.",
            "",
            "Examples:",
            "  flopscope hardware",
            "  flopscope hardware --no-measure",
            "  flopscope hardware --threads 1 --output ceilings.json"
        })
final class HardwareCommand extends ReportCommand {
    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private EngineOption engine = new EngineOption();

    @Option(names = "--no-measure", description = "Say what the hardware is and measure nothing.")
    private boolean noMeasure;

    @Override
    List<String> inputs() {
        return List.of();
    }

    @Override
    int execute() {
        show(new HardwareReport(noMeasure ? Hardware.described(threads.count(), engine.chosen()) : measured()));
        return ExitCode.OK;
    }

    private HardwareResult measured() {
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            return Hardware.measured(threads.count(), engine.chosen(), progress);
        }
    }
}
