package dev.flopscope.cli;

import dev.flopscope.config.Engine;
import dev.flopscope.run.MatmulEngine;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --engine}: which library multiplies. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "LIBRARY",
            converter = EngineConverter.class,
            completionCandidates = EngineNames.class,
            description = "onednn: code generated for each shape, weights packed once; openblas: ND4J's own"
                    + " (default: onednn where there is one for the system).")
    private @Nullable Engine engine;

    /** What was asked for, or the faster one. */
    Engine chosen() {
        return engine == null ? MatmulEngine.best() : engine;
    }

    /** The labels of {@link Engine}, for help and shell completion. */
    static final class EngineNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        EngineNames() {
            super(Arrays.stream(Engine.values()).map(Engine::label).toList());
        }
    }

    /** Reads an engine's label. */
    static final class EngineConverter implements ITypeConverter<Engine> {
        @Override
        public Engine convert(String value) {
            return Arrays.stream(Engine.values())
                    .filter(candidate -> candidate.label().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + value + "' is not one of " + String.join(", ", new EngineNames())));
        }
    }
}
