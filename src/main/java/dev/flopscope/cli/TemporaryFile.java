package dev.flopscope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A file that is there only for a while: closing it deletes it, and so does the end of the program, when a signal ends it too.
 */
final class TemporaryFile implements AutoCloseable {
    private final Path path;
    private final Thread atExit = new Thread(this::abandon);
    private boolean abandoned;

    private TemporaryFile(Path path) {
        this.path = path;
    }

    /**
     * Creates an empty file with the mode that new files get; those of {@link Files#createTempFile} are their owner's alone.
     *
     * @throws IOException if it cannot be created, or the program is ending
     */
    static TemporaryFile in(Path folder) throws IOException {
        TemporaryFile file = new TemporaryFile(folder.resolve(".flopscope" + UUID.randomUUID() + ".tmp"));
        try {
            Runtime.getRuntime().addShutdownHook(file.atExit);
        } catch (IllegalStateException e) {
            throw new IOException("the program is ending", e);
        }
        try {
            file.create();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return file;
    }

    /** Under one lock with {@link #abandon}, so that none is created after the others were deleted. */
    private synchronized void create() throws IOException {
        if (abandoned) {
            throw new IOException("the program is ending");
        }
        Files.createFile(path);
    }

    private synchronized void abandon() {
        abandoned = true;
        delete();
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is ending, and the hook runs anyway.
        }
        delete();
    }

    private void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Whatever keeps it there is not what the user asked about.
        }
    }
}
