package dev.flopscope.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files of a checkpoint for the time that it takes. */
public final class CheckpointReading {
    private static final int BUFFER = 1 << 20;

    private CheckpointReading() {}

    /** Reads every file of tensors once, on one thread, and gives their bytes. */
    public static long once(Path folder) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.safetensors")) {
            for (Path file : files) {
                try (InputStream in = Files.newInputStream(file)) {
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        bytes += count;
                    }
                }
            }
        }
        return bytes;
    }
}
