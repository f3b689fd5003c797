package dev.flopscope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Files that are written whole or not at all: beside the target first, then moved over it, so that no reader sees half. */
final class AtomicFile {
    private AtomicFile() {}

    /** Fills a file. */
    @FunctionalInterface
    interface Content {
        /** Writes over {@code file}, which exists and is empty. */
        void write(Path file) throws IOException;
    }

    /** The path that {@code value} names. */
    static Path named(String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + value + "' is not a file name");
        }
    }

    /**
     * Finds out whether {@code file} can be created, and leaves nothing behind.
     *
     * @throws OutputException with 73 if it cannot
     */
    static void requireWritable(Path file) {
        Path folder = folderOf(file);
        if (!Files.isDirectory(folder)) {
            throw cannotCreate(file, "the folder " + folder + " does not exist", null);
        }
        if (Files.isDirectory(file)) {
            throw cannotCreate(file, "it is a folder", null);
        }
        try {
            Files.delete(temporaryIn(folder));
        } catch (IOException e) {
            throw cannotCreate(file, "the folder " + folder + " cannot be written", e);
        }
    }

    /** Whether both name one file, by whatever path; their folders exist. */
    static boolean same(Path file, Path other) {
        try {
            return place(file).equals(place(other));
        } catch (IOException e) {
            return file.equals(other);
        }
    }

    private static Path place(Path file) throws IOException {
        return folderOf(file).toRealPath().resolve(file.getFileName());
    }

    /**
     * Writes {@code content} to {@code file}.
     *
     * @throws OutputException with 74 if it cannot be written; the file is then as it was
     */
    static void write(Path file, Content content) {
        @Nullable Path temporary = null;
        try {
            temporary = temporaryIn(folderOf(file));
            content.write(temporary);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteQuietly(temporary);
            throw new OutputException(ExitCode.CANNOT_WRITE, file + ": cannot be written: " + reason(e), e);
        }
    }

    private static void deleteQuietly(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
    }

    private static Path temporaryIn(Path folder) throws IOException {
        return Files.createTempFile(folder, ".flopscope", ".tmp");
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static OutputException cannotCreate(Path file, String why, @Nullable Throwable cause) {
        return new OutputException(ExitCode.CANNOT_CREATE, file + ": cannot be created: " + why, cause);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
