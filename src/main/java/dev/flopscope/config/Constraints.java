package dev.flopscope.config;

/** Checks of configs; each message states the constraint and the value. */
final class Constraints {
    private Constraints() {}

    static void requirePositive(String key, int value) {
        require(value > 0, key + " must be at least 1: " + key + "=" + value);
    }

    static void require(boolean holds, String constraint) {
        if (!holds) {
            throw new IllegalArgumentException(constraint);
        }
    }
}
