package dev.flopscope.cli;

import dev.flopscope.report.HardwareReport;
import dev.flopscope.run.Hardware;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hardware}: what a run would run on. */
@Command(name = "hardware", description = "Shows the CPU, memory, and the BLAS library and kernel in use.")
final class HardwareCommand extends ReportCommand {
    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private EngineOption engine = new EngineOption();

    @Override
    int execute() {
        show(new HardwareReport(Hardware.inUse(engine.chosen(), threads.count())));
        return ExitCode.OK;
    }
}
