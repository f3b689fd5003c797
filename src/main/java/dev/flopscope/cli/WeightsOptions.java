package dev.flopscope.cli;

import dev.flopscope.config.WeightsMode;
import picocli.CommandLine.Option;

/** {@code --seed} and {@code --weights}: what the weights are, and how many are in memory. */
final class WeightsOptions {
    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description =
                    "Decides every bit of seeded weights and ids, and what generate draws (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--weights",
            paramLabel = "MODE",
            defaultValue = "full",
            description = "full: every layer has its own; shared: all layers read one layer's memory, for models"
                    + " larger than the machine (default: ${DEFAULT-VALUE}).")
    private WeightsMode mode = WeightsMode.FULL;

    /** What decides every bit. */
    long seed() {
        return seed;
    }

    /** Whether every layer has weights of its own. */
    WeightsMode mode() {
        return mode;
    }
}
