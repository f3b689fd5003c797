package dev.flopscope.config;

/**
 * The positions that a model was made for. Rotary positions, which belong to a block's attention, allow longer sequences;
 * learned ones do not.
 *
 * @param contextLength the longest sequence that the model was made for
 * @param learned whether each position has a vector of D parameters that is added to the embedding
 */
public record PositionsConfig(int contextLength, boolean learned) {
    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public PositionsConfig {
        Constraints.requirePositive("context_length", contextLength);
    }

    /** Positions that are not learned. */
    public PositionsConfig(int contextLength) {
        this(contextLength, false);
    }
}
