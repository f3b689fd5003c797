package dev.flopscope.cli;

import dev.flopscope.report.HardwareReport;
import dev.flopscope.run.Hardware;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hardware}: what a run would run on. */
@Command(name = "hardware", description = "Shows the CPU, memory, and the BLAS library and kernel in use.")
final class HardwareCommand extends WithHelp implements Callable<Integer> {
    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        output.requireWritable();
        output.write(
                new HardwareReport(Hardware.inUse(threads.count())),
                spec.commandLine().getOut());
        return ExitCode.OK;
    }
}
