package dev.flopscope.cli;

import dev.flopscope.report.Format;
import dev.flopscope.report.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        output.requireWritable();
        return execute();
    }

    /** Does the work, shows its result, and says with which code to exit. */
    abstract int execute();

    /** Writes the result to standard output and to every output file. */
    final void show(Report report) {
        output.write(report, out());
    }

    /** Writes the result, as far as it has come, to every output file. */
    final void save(Report report) {
        output.writeFiles(report);
    }

    /** Stops the command if standard output takes no more. */
    final void requireWritten() {
        OutputOptions.requireWritten(out());
    }

    /** One line on standard error that is no error. */
    final void warn(String line) {
        spec.commandLine().getErr().println("flopscope: " + line);
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final Format format() {
        return output.format();
    }

    final List<OutputOptions.Target> outputs() {
        return output.targets();
    }

    /** The files that the report goes to. */
    final List<Path> outputFiles() {
        return output.files();
    }
}
