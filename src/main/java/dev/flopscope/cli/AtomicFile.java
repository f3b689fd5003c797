package dev.flopscope.cli;

import dev.flopscope.config.TextFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Files that are written whole or not at all: beside the target first, then moved over it, so that no reader sees half. */
final class AtomicFile {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;
    private static final int MOST_LINKS = 40;

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
     * Finds out whether {@code file} can be written, whether or not it exists, and leaves nothing behind.
     *
     * @throws OutputException with 73 if it cannot
     */
    static void requireWritable(Path file) {
        try {
            Path target = followed(file);
            if (Files.isDirectory(target)) {
                throw cannotCreate(file, "it is a folder", null);
            }
            Path folder = folderOf(target);
            if (!Files.isDirectory(folder)) {
                throw cannotCreate(file, "the folder " + folder + " does not exist", null);
            }
            requireReplaceable(file, target);
        } catch (IOException e) {
            throw cannotCreate(file, TextFile.reason(e), e);
        }
    }

    private static void requireReplaceable(Path file, Path target) throws IOException {
        if (!exists(target) || Files.isRegularFile(target)) {
            try {
                TemporaryFile.in(folderOf(target)).close();
            } catch (IOException e) {
                throw cannotCreate(file, "the folder " + folderOf(target) + " cannot be written", e);
            }
        }
        if (Files.isRegularFile(target)) {
            // A file that is protected would be replaced all the same, or not, where its system forbids it.
            Files.newByteChannel(target, StandardOpenOption.WRITE).close();
            if (isMounted(target)) {
                throw cannotCreate(file, "a file system is mounted on it, so that it cannot be replaced", null);
            }
        } else if (exists(target) && !Files.isWritable(target)) {
            throw cannotCreate(file, "permission denied", null);
        }
    }

    /** Whether there is such a file; unlike {@link Files#exists}, a name that no file can have is an error. */
    private static boolean exists(Path file) throws IOException {
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Whether it is a file system of its own, as single files are that a container is given. Known of Linux alone. */
    private static boolean isMounted(Path file) throws IOException {
        if (!Files.isReadable(MOUNTS)) {
            return false;
        }
        String place = file.toRealPath().toString().replace("\\", "\\134").replace(" ", "\\040");
        try (Stream<String> mounts = Files.lines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            return mounts.anyMatch(mount -> mount.split(" ", -1)[MOUNT_POINT].equals(place));
        }
    }

    /**
     * Where {@code file} leads: symbolic links are followed, also to a file that is still to be made.
     *
     * @throws IOException if a link leads in a circle
     */
    private static Path followed(Path file) throws IOException {
        Path place = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(place); links++) {
            if (links == MOST_LINKS) {
                throw new IOException("too many symbolic links");
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        return place;
    }

    /** What two paths of one file have in common: links, {@code ./} and second names of a file lead to one identity. */
    static Object identity(Path file) {
        Path place = file.toAbsolutePath();
        try {
            place = followed(file);
            Object key = exists(place)
                    ? Files.readAttributes(place, BasicFileAttributes.class).fileKey()
                    : null;
            return key == null ? folderOf(place).toRealPath().resolve(place.getFileName()) : key;
        } catch (IOException e) {
            return place.normalize();
        }
    }

    /**
     * Writes {@code content} to {@code file}. A file that is there keeps its mode, a new one gets the usual one; a pipe or a
     * device is written to.
     *
     * @throws OutputException with 74 if it cannot be written; a file is then as it was
     */
    static void write(Path file, Content content) {
        try {
            Path target = followed(file);
            boolean whole = !exists(target) || Files.isRegularFile(target);
            Path folder = whole ? folderOf(target) : Path.of(System.getProperty("java.io.tmpdir"));
            try (TemporaryFile temporary = TemporaryFile.in(folder)) {
                content.write(temporary.path());
                if (whole) {
                    keepMode(target, temporary.path());
                    Files.move(
                            temporary.path(),
                            target,
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.ATOMIC_MOVE);
                } else {
                    try (OutputStream pipe = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
                        Files.copy(temporary.path(), pipe);
                    }
                }
            }
        } catch (IOException e) {
            throw new OutputException(ExitCode.CANNOT_WRITE, file + ": cannot be written: " + TextFile.reason(e), e);
        }
    }

    private static void keepMode(Path target, Path temporary) throws IOException {
        PosixFileAttributeView mode = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (mode != null && exists(target)) {
            Files.setPosixFilePermissions(temporary, mode.readAttributes().permissions());
        }
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static OutputException cannotCreate(Path file, String why, @Nullable Throwable cause) {
        return new OutputException(ExitCode.CANNOT_CREATE, file + ": cannot be created: " + why, cause);
    }
}
