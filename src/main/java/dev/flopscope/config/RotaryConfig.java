package dev.flopscope.config;

import java.util.OptionalInt;

/**
 * Rotary positions (Su et al. 2021): queries and keys are turned by angles that grow with their position.
 *
 * @param theta base of the frequencies, positive; Su et al. use 10,000
 * @param width how many columns of a head are turned, its first ones; empty for all
 * @param scaling how frequencies are changed for long sequences
 */
public record RotaryConfig(double theta, OptionalInt width, RotaryScaling scaling) {
    /**
     * Checks the base and the width.
     *
     * @throws IllegalArgumentException if the base is not positive and finite, or the width is odd
     */
    public RotaryConfig {
        Constraints.require(theta > 0 && Double.isFinite(theta), "rope_theta must be positive: rope_theta=" + theta);
        width.ifPresent(columns -> Constraints.require(
                columns > 0 && columns % 2 == 0, "rotary positions turn pairs of columns: rotary_dim=" + columns));
    }

    /** Whole heads, turned by unchanged frequencies. */
    public RotaryConfig(double theta) {
        this(theta, OptionalInt.empty(), new RotaryScaling.None());
    }
}
