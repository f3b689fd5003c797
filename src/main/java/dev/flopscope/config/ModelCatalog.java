package dev.flopscope.config;

import dev.flopscope.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds a model by its shipped name, by the path of its JSON file, or by the folder of its checkpoint. */
public final class ModelCatalog {
    /** The models that {@code verify} runs, small to large; configs of more come with Flopscope, see {@code models/}. */
    public static final List<String> SHIPPED = List.of("gpt2-small", "gpt2-medium", "gpt2-large", "gpt2-xl");

    private static final String ENDING = ".json";

    /** A config has twelve keys. */
    private static final int MEBIBYTES = 1;

    private final ModelConfigReader reader = new ModelConfigReader();

    /**
     * Looks a model up: a shipped name first, then a file or a folder.
     *
     * @throws UnknownModelException if there is neither
     * @throws BadDataException if the file cannot be read as a config
     */
    public ModelConfig find(String nameOrPath) {
        return findSource(nameOrPath).model();
    }

    /**
     * The same, with how it was read and where its checkpoint is.
     *
     * @throws UnknownModelException if there is neither a name nor a file nor a folder
     * @throws BadDataException if it cannot be read as a config
     */
    public ModelSource findSource(String nameOrPath) {
        if (isShipped(nameOrPath)) {
            return reader.readSource(nameOrPath, "models/" + nameOrPath + ".json", shipped(nameOrPath));
        }
        Path file = pathOf(nameOrPath);
        if (!nameOrPath.isEmpty() && Files.isDirectory(file)) {
            Path config = file.resolve("config.json");
            if (!Files.exists(config)) {
                throw CheckpointFormats.lacks(file, "config.json");
            }
            return reader.readSource(nameOf(file), config.toString(), text(config))
                    .in(file);
        }
        if (nameOrPath.isEmpty() || !Files.exists(file)) {
            throw new UnknownModelException(nameOrPath);
        }
        String name = nameOf(file);
        Path folder = file.toAbsolutePath().normalize().getParent();
        return reader.readSource(
                name.equals("config") && folder != null ? nameOf(folder) : name, nameOrPath, text(file));
    }

    private static boolean isShipped(String name) {
        return name.matches("[a-z0-9.-]+") && ModelCatalog.class.getResource("/models/" + name + ".json") != null;
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

    private static String text(Path file) {
        return TextFile.read(file.toString(), file, MEBIBYTES);
    }

    /** What reports call the model, on one line whatever its file is called; a file that is called by its ending keeps it. */
    private static String nameOf(Path file) {
        String name =
                Printable.line(String.valueOf(file.toAbsolutePath().normalize().getFileName()));
        return name.endsWith(ENDING) && !name.equals(ENDING)
                ? name.substring(0, name.length() - ENDING.length())
                : name;
    }
}
