package dev.flopscope.profile;

import java.util.List;

/**
 * The repetitions before the measured ones, and whether their times had become steady.
 *
 * @param wallNanoseconds the time of each, in order
 * @param steady whether the last of them met the rule
 * @param rule the rule in words
 */
public record WarmUp(List<Long> wallNanoseconds, boolean steady, String rule) {
    /** Keeps a copy. */
    public WarmUp {
        wallNanoseconds = List.copyOf(wallNanoseconds);
    }

    /** How many repetitions there were. */
    public int passes() {
        return wallNanoseconds.size();
    }
}
