package dev.flopscope.config;

/**
 * The positions that a model was made for. Rotary positions, which belong to a block's attention, allow longer sequences.
 *
 * @param contextLength the longest sequence that the model was made for
 */
public record PositionsConfig(int contextLength) {
    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public PositionsConfig {
        Constraints.requirePositive("context_length", contextLength);
    }
}
