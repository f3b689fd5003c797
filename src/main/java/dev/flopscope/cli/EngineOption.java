package dev.flopscope.cli;

import dev.flopscope.config.Engine;
import dev.flopscope.run.Hardware;
import dev.flopscope.text.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --engine}: which library multiplies. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "LIBRARY",
            description = "onednn: code generated for each shape, weights packed once; openblas: ND4J's own;"
                    + " cuda: cuBLAS on an NVIDIA GPU"
                    + " (default: onednn where there is one for the system).")
    private @Nullable Engine engine;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private boolean said;

    /** What was asked for, or the faster one; if that is damaged, the other, and a line says so. */
    Engine chosen() {
        if (engine != null) {
            return engine;
        }
        if (!said) {
            said = true;
            Hardware.engineFault()
                    .ifPresent(
                            fault -> command.commandLine().getErr().println("flopscope: " + Printable.message(fault)));
        }
        return Hardware.bestEngine();
    }
}
