package dev.flopscope.compare;

/**
 * Factors of time that are never called a change.
 *
 * @param low the least of them, at most 1
 * @param high the most of them, at least 1
 */
record Allowance(double low, double high) {
    /**
     * What a margin allows around what the machine itself changed by.
     *
     * @param margin relative change, at least 0: 0.05 is 5 %
     * @param machine how many times as long the yardstick takes in the second result, 1 if nobody knows
     */
    static Allowance of(double margin, double machine) {
        return new Allowance(Math.min(1, machine) / (1 + margin), Math.max(1, machine) * (1 + margin));
    }

    /** The same, and whatever changes a row by less than {@code share} of itself. */
    Allowance and(double share) {
        return new Allowance(Math.min(low, 1 / (1 + share)), Math.max(high, 1 + share));
    }
}
