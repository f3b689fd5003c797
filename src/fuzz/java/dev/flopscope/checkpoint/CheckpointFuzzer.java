package dev.flopscope.checkpoint;

import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of tensors, changed by Jazzer as it sees which lines they reach: each is read, and every tensor that its header tells of is
 * in the file; or it is refused in one line.
 */
public final class CheckpointFuzzer {
    private static final Path FOLDER = folder();

    private CheckpointFuzzer() {}

    private static Path folder() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new IllegalStateException("no folder for files", e);
        }
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] file) throws IOException {
        Path path = Files.write(FOLDER.resolve("model.safetensors"), file);
        try (Checkpoint checkpoint = Checkpoint.open(FOLDER)) {
            for (String name : checkpoint.names()) {
                long elements = checkpoint.shape(name).stream().reduce(1L, Math::multiplyExact);
                require(elements <= 2L * file.length, "a tensor has more elements than the file");
                read(checkpoint, name, Math.toIntExact(elements));
            }
        } catch (BadDataException e) {
            String message = String.valueOf(e.getMessage());
            require(message.startsWith(path + ": ") && message.lines().count() == 1, "is not one line: " + message);
        }
    }

    private static void read(Checkpoint checkpoint, String name, int elements) {
        try {
            checkpoint.read(name, 0, new float[elements]);
        } catch (BadDataException e) {
            require(
                    String.valueOf(e.getMessage()).contains("F32, F16 and BF16 are read"),
                    String.valueOf(e.getMessage()));
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException(message);
        }
    }
}
