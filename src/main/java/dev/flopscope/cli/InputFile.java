package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text file that a command was given. */
final class InputFile {
    private InputFile() {}

    /**
     * All of it.
     *
     * @throws BadDataException if it does not exist, cannot be read or is not UTF-8
     * @throws picocli.CommandLine.TypeConversionException if no file can have that name
     */
    static String text(String file) {
        Path path = AtomicFile.named(file);
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new BadDataException(file, "is not UTF-8 text", e);
        } catch (IOException e) {
            throw new BadDataException(file, Files.exists(path) ? "cannot be read" : "does not exist", e);
        }
    }
}
