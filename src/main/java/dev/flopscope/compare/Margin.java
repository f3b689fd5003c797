package dev.flopscope.compare;

/**
 * The factors of time that are never called a change.
 *
 * @param low the least of them, at most 1
 * @param high the most of them, at least 1
 */
record Margin(double low, double high) {
    /**
     * A relative change either way, around what the machine itself changed by.
     *
     * @param change relative change, at least 0: 0.05 is 5 %
     * @param machine how many times as long the speed calibration takes in the second result, 1 if that is unknown
     */
    static Margin of(double change, double machine) {
        return new Margin(Math.min(1, machine) / (1 + change), Math.max(1, machine) * (1 + change));
    }

    /** This margin, widened to everything that changes a row by less than {@code share} of itself. */
    Margin and(double share) {
        return new Margin(Math.min(low, 1 / (1 + share)), Math.max(high, 1 + share));
    }
}
