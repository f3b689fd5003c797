package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.TextFile;

/** A text file that a command was given; {@code -} is standard input where a command says so. */
final class InputFile {
    /** The largest that is read: a sweep of a hundred thousand rows, or sixteen million tokens of text. */
    static final int MEBIBYTES = 64;

    static final String STANDARD_INPUT = "-";

    private InputFile() {}

    /**
     * All of it.
     *
     * @throws BadDataException if it does not exist, cannot be read, is too large or is not UTF-8
     * @throws picocli.CommandLine.TypeConversionException if no file can have that name
     */
    static String text(String file) {
        return TextFile.read(file, AtomicFile.named(file), MEBIBYTES);
    }

    /** The same, of standard input if the file is {@code -}. */
    static String textOrInput(String file) {
        return file.equals(STANDARD_INPUT) ? TextFile.read("standard input", System.in, MEBIBYTES) : text(file);
    }
}
