package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.ModelConfig;
import java.util.function.Supplier;

/** Turns a count that is too large for 63 bits into a message about the model that asked for it. */
final class Counts {
    private Counts() {}

    /**
     * Does {@code work}.
     *
     * @throws BadDataException if a count in it exceeds 2⁶³−1
     */
    static <T> T withinRange(ModelConfig model, int batch, int context, Supplier<T> work) {
        try {
            return work.get();
        } catch (ArithmeticException e) {
            throw new BadDataException(
                    model.name(),
                    "a count exceeds 2^63-1: num_layers=" + model.numLayers() + ", d_model=" + model.dModel()
                            + ", d_ff=" + model.firstBlock().feedForward().width() + ", vocab_size="
                            + model.vocabSize() + ", batch=" + batch + ", context=" + context,
                    e);
        }
    }
}
