package dev.flopscope.cli;

import dev.flopscope.document.Report;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command whose result is a report: it knows where the report goes, and finds out before the work whether it can. */
abstract class ReportCommand extends WithHelp implements Callable<Integer> {
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() {
        output.requireWritable(hasRows());
        return execute();
    }

    /** Whether its report is a list of rows, which can be written as JSON lines. */
    boolean hasRows() {
        return false;
    }

    /** Does the work, shows its result, and says with which code to exit. */
    abstract int execute();

    /** Writes the result to standard output and to every output file. */
    final void show(Report report) {
        output.write(report, commandLine(), out());
    }

    /** One line on standard error that is no error. */
    final void warn(String line) {
        spec.commandLine().getErr().println("flopscope: " + line);
    }

    /** The words of the command line, without the program's name. */
    final List<String> commandLine() {
        return spec.root().commandLine().getParseResult().originalArgs();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where the report goes. */
    final OutputOptions output() {
        return output;
    }
}
