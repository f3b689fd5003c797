package dev.flopscope.cli;

import dev.flopscope.config.Engine;
import dev.flopscope.run.MatmulEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --engine}: which library multiplies. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "LIBRARY",
            converter = Engines.class,
            completionCandidates = Engines.class,
            description = "onednn: code generated for each shape, weights packed once; openblas: ND4J's own"
                    + " (default: onednn where there is one for the system).")
    private @Nullable Engine engine;

    /** What was asked for, or the faster one. */
    Engine chosen() {
        return engine == null ? MatmulEngine.best() : engine;
    }

    /** The labels of {@link Engine}. */
    static final class Engines extends Choice<Engine> {
        Engines() {
            super(Engine.values(), Engine::label);
        }
    }
}
