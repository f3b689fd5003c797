package dev.flopscope.config;

import dev.flopscope.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds a model by its shipped name or by the path of its JSON file. */
public final class ModelCatalog {
    /** The models that come with Flopscope, small to large. */
    public static final List<String> SHIPPED = List.of("gpt2-small", "gpt2-medium", "gpt2-large", "gpt2-xl");

    private static final String ENDING = ".json";

    /** A config has twelve keys. */
    private static final int MEBIBYTES = 1;

    private final ModelConfigReader reader = new ModelConfigReader();

    /**
     * Looks a model up: a shipped name first, then a file.
     *
     * @throws UnknownModelException if there is neither
     * @throws BadDataException if the file cannot be read as a config
     */
    public ModelConfig find(String nameOrPath) {
        if (SHIPPED.contains(nameOrPath)) {
            return reader.read(nameOrPath, "models/" + nameOrPath + ".json", shipped(nameOrPath));
        }
        Path file = pathOf(nameOrPath);
        if (nameOrPath.isEmpty() || !Files.exists(file)) {
            throw new UnknownModelException(nameOrPath);
        }
        return reader.read(nameWithoutEnding(file), nameOrPath, TextFile.read(nameOrPath, file, MEBIBYTES));
    }

    private static Path pathOf(String nameOrPath) {
        try {
            return Path.of(nameOrPath);
        } catch (java.nio.file.InvalidPathException e) {
            throw new UnknownModelException(nameOrPath, e);
        }
    }

    private static String shipped(String name) {
        try (InputStream json = ModelCatalog.class.getResourceAsStream("/models/" + name + ".json")) {
            if (json == null) {
                throw new IllegalStateException("the jar lacks models/" + name + ".json");
            }
            return new String(json.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BadDataException("models/" + name + ".json", "cannot be read: " + e.getMessage(), e);
        }
    }

    /** What reports call the model, on one line whatever its file is called; a file that is called by its ending keeps it. */
    private static String nameWithoutEnding(Path file) {
        String name = Printable.line(String.valueOf(file.getFileName()));
        return name.endsWith(ENDING) && !name.equals(ENDING)
                ? name.substring(0, name.length() - ENDING.length())
                : name;
    }
}
