package dev.flopscope.cli;

import dev.flopscope.document.Format;
import dev.flopscope.document.Report;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --format} and {@code --output}: where a report goes, and in what form. */
final class OutputOptions {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "What standard output gets: table, json, csv, md, html, and for sweep jsonl, a row a line"
                    + " (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Also write FILE, in the format of its ending: txt, json, csv, md, html, and for sweep jsonl;"
                    + " may be repeated. A file is written whole or not at all.")
    private List<Target> outputs = new ArrayList<>();

    /** A file to write, and its format. */
    record Target(Path file, Format format) {
        /** Reads a file name and finds its format. */
        static Target of(String file) {
            Format format = Format.ofFile(file)
                    .orElseThrow(() -> new TypeConversionException("'" + file + "' has none of the endings "
                            + Arrays.stream(Format.values()).map(Format::ending).collect(Collectors.joining(", "))));
            return new Target(AtomicFile.named(file), format);
        }
    }

    /**
     * Finds out before the work whether the report can be written so.
     *
     * @param rows whether the report is a list of rows
     * @throws TypeConversionException if JSON lines are asked for, and the report is not a list of rows
     */
    void requireSuits(boolean rows) {
        if (!rows
                && (format == Format.JSON_LINES
                        || outputs.stream().anyMatch(output -> output.format() == Format.JSON_LINES))) {
            throw new TypeConversionException("'jsonl' is for rows, which sweep alone has");
        }
    }

    /** Every output file. */
    List<Path> files() {
        return outputs.stream().map(Target::file).toList();
    }

    /** Writes the report to every output. */
    void write(Report report, List<String> commandLine, PrintWriter standardOutput, Writing writing) {
        show(report, commandLine, standardOutput, writing);
        writeFiles(report, commandLine, writing);
    }

    /** Writes the report to standard output alone. */
    void show(Report report, List<String> commandLine, PrintWriter standardOutput, Writing writing) {
        standardOutput.print(format.render(report, commandLine, Colours::paint));
        writing.attempt(() -> requireWritten(standardOutput));
    }

    /**
     * Finds out whether all that was printed got where it should.
     *
     * @throws OutputException with 74 if not
     */
    static void requireWritten(PrintWriter standardOutput) {
        if (standardOutput.checkError()) {
            throw new OutputException(ExitCode.CANNOT_WRITE, "standard output cannot be written", null);
        }
    }

    /** What standard output gets. */
    Format format() {
        return format;
    }

    /** The files to write. */
    List<Target> targets() {
        return List.copyOf(outputs);
    }

    /** Writes the report to every file. */
    void writeFiles(Report report, List<String> commandLine, Writing writing) {
        for (Target output : outputs) {
            String text = output.format().render(report, commandLine);
            writing.attempt(() -> AtomicFile.write(output.file(), temporary -> Files.writeString(temporary, text)));
        }
    }
}
