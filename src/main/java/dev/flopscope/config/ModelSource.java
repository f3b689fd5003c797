package dev.flopscope.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model that was found, and how it was read.
 *
 * @param model the model
 * @param folder the folder that was named, whose checkpoint has the model's weights; empty for a name or a file
 * @param settings every value of a published config, and where it came from; empty for this project's own keys
 * @param warnings what the reader of a published config should be told, a line each
 */
public record ModelSource(ModelConfig model, Optional<Path> folder, List<Setting> settings, List<String> warnings) {
    /** Keeps copies. */
    public ModelSource {
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }

    /** A config in this project's own keys. */
    ModelSource(ModelConfig model) {
        this(model, Optional.empty(), List.of(), List.of());
    }

    ModelSource in(Path checkpoint) {
        return new ModelSource(model, Optional.of(checkpoint), settings, warnings);
    }
}
