package dev.flopscope.cli;

import dev.flopscope.config.Engine;
import dev.flopscope.run.Hardware;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --engine}: which library multiplies. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "LIBRARY",
            description = "onednn: code generated for each shape, weights packed once; openblas: ND4J's own"
                    + " (default: onednn where there is one for the system).")
    private @Nullable Engine engine;

    /** What was asked for, or the faster one. */
    Engine chosen() {
        return engine == null ? Hardware.bestEngine() : engine;
    }
}
