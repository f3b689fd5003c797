package dev.flopscope.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Says what a folder is that is not read: checkpoints come in several formats. */
public final class CheckpointFormats {
    private static final List<Map.Entry<String, String>> OTHERS = List.of(
            Map.entry(".gguf", "a GGUF model of llama.cpp"),
            Map.entry("params.json", "a checkpoint in the layout of Meta's own code"),
            Map.entry(".pth", "a checkpoint in the layout of Meta's own code"),
            Map.entry("pytorch_model.bin", "a pickled PyTorch checkpoint"),
            Map.entry(".bin", "a pickled PyTorch checkpoint"));

    private CheckpointFormats() {}

    /** That {@code folder} lacks {@code missing}, and what it is instead, if a file says so. */
    public static BadDataException lacks(Path folder, String missing) {
        String read = "has no " + missing + "; a config.json with .safetensors files is what is read";
        try (Stream<Path> all = Files.list(folder)) {
            List<String> names =
                    all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
            return OTHERS.stream()
                    .flatMap(other -> names.stream()
                            .filter(name -> name.endsWith(other.getKey()))
                            .map(name -> read + ", and " + name + " is " + other.getValue()))
                    .findFirst()
                    .map(message -> new BadDataException(folder.toString(), message))
                    .orElseGet(() -> new BadDataException(folder.toString(), read));
        } catch (IOException e) {
            return new BadDataException(folder.toString(), "cannot be read: " + e.getMessage(), e);
        }
    }
}
