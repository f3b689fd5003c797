package dev.flopscope.cli;

import dev.flopscope.document.Report;
import dev.flopscope.text.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** A command whose result is a report: it knows where the report goes, and finds out before the work whether it can. */
abstract class ReportCommand extends WithHelp implements Callable<Integer> {
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() {
        output.requireSuits(hasRows());
        requireApart(inputs());
        outputs().forEach(AtomicFile::requireWritable);
        return execute();
    }

    /**
     * Finds out before the work whether an output would replace what is read, or another output.
     *
     * @throws TypeConversionException if so: the command line is wrong, whatever the files are
     */
    final void requireApart(List<String> inputs) {
        Map<Object, String> taken = new HashMap<>();
        inputs.stream().map(AtomicFile::named).forEach(input -> taken.put(AtomicFile.identity(input), "an input"));
        for (Path file : outputs()) {
            String other = taken.put(AtomicFile.identity(file), "another output");
            if (other != null) {
                throw new TypeConversionException(file + ": is one file with " + other + " of this command");
            }
        }
    }

    /** The files, or the names of shipped models, that are read. */
    abstract List<String> inputs();

    /** The files that are written. */
    List<Path> outputs() {
        return output.files();
    }

    /** Whether its report is a list of rows, which can be written as JSON lines. */
    boolean hasRows() {
        return false;
    }

    /** Does the work, shows its result, and says with which code to exit. */
    abstract int execute();

    /** Writes the result to standard output and to every output file. */
    final void show(Report report) {
        Writing writing = new Writing();
        show(report, writing);
        writing.finish();
    }

    /** The same, with other outputs to follow. */
    final void show(Report report, Writing writing) {
        output.write(report, commandLine(), out(), writing);
    }

    /** One line on standard error that is no error. */
    final void warn(String line) {
        spec.commandLine().getErr().println("flopscope: " + Printable.line(line));
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
