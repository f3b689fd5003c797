package dev.flopscope.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** UTF-8 text that a person names, read whole up to a size: a device or a wrong file must not fill the memory. */
public final class TextFile {
    private static final int MEBIBYTE = 1 << 20;

    private TextFile() {}

    /**
     * All of a file.
     *
     * @param name what messages call it
     * @param file where it is
     * @param mebibytes how large it may be
     * @throws BadDataException if it does not exist, cannot be read, is larger or is not UTF-8
     */
    public static String read(String name, Path file, int mebibytes) {
        if (Files.isDirectory(file)) {
            throw new BadDataException(name, "is a folder");
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return read(name, bytes, mebibytes);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** All of a stream; otherwise as {@link #read(String, Path, int)}. */
    public static String read(String name, InputStream bytes, int mebibytes) {
        try {
            byte[] read = bytes.readNBytes(mebibytes * MEBIBYTE + 1);
            if (read.length > mebibytes * MEBIBYTE) {
                throw new BadDataException(name, "is larger than " + mebibytes + " MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(read))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadDataException(name, "is not UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static BadDataException unreadable(String name, IOException problem) {
        return problem instanceof NoSuchFileException
                ? new BadDataException(name, "does not exist", problem)
                : new BadDataException(name, "cannot be read: " + reason(problem), problem);
    }

    /** Why a file could not be used, without its name, which Java's own messages are made of. */
    public static String reason(IOException problem) {
        if (problem instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (problem instanceof NoSuchFileException) {
            return "its folder does not exist";
        }
        String reason = problem instanceof FileSystemException file ? file.getReason() : problem.getMessage();
        return reason == null ? problem.getClass().getSimpleName() : reason;
    }
}
