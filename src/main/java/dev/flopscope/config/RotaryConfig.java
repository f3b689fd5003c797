package dev.flopscope.config;

/**
 * Rotary positions (Su et al. 2021): queries and keys are turned by angles that grow with their position.
 *
 * @param theta base of the frequencies, positive; Su et al. use 10,000
 */
public record RotaryConfig(double theta) {
    /**
     * Checks the base.
     *
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public RotaryConfig {
        Constraints.require(theta > 0 && Double.isFinite(theta), "rope_theta must be positive: rope_theta=" + theta);
    }
}
