package dev.flopscope.cli;

import dev.flopscope.report.Format;
import dev.flopscope.report.Report;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --format} and {@code --output}: where a report goes, and in what form. */
final class OutputOptions {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            converter = Formats.class,
            completionCandidates = Formats.class,
            description = "What standard output gets: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            converter = TargetConverter.class,
            description = "Also write FILE, in the format of its ending: .txt .json .csv .md .html; may be repeated."
                    + " A file is written whole or not at all.")
    private List<Target> outputs = new ArrayList<>();

    /** A file to write, and its format. */
    record Target(Path file, Format format) {}

    /**
     * Finds out before the work whether every output can be created.
     *
     * @throws OutputException with 73 if one cannot
     */
    void requireWritable() {
        files().forEach(WholeFile::requireWritable);
    }

    /** Every output file. */
    List<Path> files() {
        return outputs.stream().map(Target::file).toList();
    }

    /**
     * Writes the report to every output.
     *
     * @throws OutputException with 74 if one cannot be written
     */
    void write(Report report, PrintWriter standardOutput) {
        standardOutput.print(format.render(report));
        requireWritten(standardOutput);
        writeFiles(report);
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

    /**
     * Writes the report to every file.
     *
     * @throws OutputException with 74 if one cannot be written
     */
    void writeFiles(Report report) {
        for (Target output : outputs) {
            String text = output.format().render(report);
            WholeFile.write(output.file(), temporary -> Files.writeString(temporary, text));
        }
    }

    /** The labels of {@link Format}. */
    static final class Formats extends Choice<Format> {
        Formats() {
            super(Format.values(), Format::label);
        }
    }

    /** Reads a file name and finds its format. */
    static final class TargetConverter implements ITypeConverter<Target> {
        @Override
        public Target convert(String value) {
            Format format = Format.ofFile(value)
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' has none of the endings "
                            + Arrays.stream(Format.values()).map(Format::ending).collect(Collectors.joining(", "))));
            return new Target(WholeFile.named(value), format);
        }
    }
}
