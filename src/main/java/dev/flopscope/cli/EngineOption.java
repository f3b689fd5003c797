package dev.flopscope.cli;

import dev.flopscope.config.Engine;
import dev.flopscope.run.Hardware;
import dev.flopscope.text.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code --engine}: which library multiplies. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "LIBRARY",
            description = "onednn: code generated for each shape, weights packed once; openblas: ND4J's own;"
                    + " cuda: cuBLAS on an NVIDIA GPU"
                    + " (default: onednn where there is one for the system).")
    private @Nullable Engine engine;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description =
                    "float32; by --engine cuda also tf32 and bf16: operands of products are rounded to 10 or 7 bits of a"
                            + " fraction, and stay float32 in memory (default: ${DEFAULT-VALUE}).")
    private String dtype = "float32";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private boolean said;

    /** What was asked for, or the faster one; if that is damaged, the other, and a line says so. */
    Engine chosen() {
        Engine asked = engine == null ? Engine.ONEDNN : engine;
        Engine found = Engine.of(asked.label(), dtype)
                .orElseThrow(() -> new TypeConversionException("--dtype: '" + Printable.message(dtype)
                        + "' is not a type that --engine " + asked.label() + " multiplies"));
        if (engine != null) {
            return found;
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
