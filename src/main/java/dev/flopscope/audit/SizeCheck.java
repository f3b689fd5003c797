package dev.flopscope.audit;

import java.util.Locale;

/**
 * Something allocated held against its closed form.
 *
 * @param what its name, such as {@code parameters.embedding} or {@code memory.activations_bytes}
 * @param allocated what was found in memory: elements of parameters, bytes of memory
 * @param expected the closed form, in the same unit
 */
public record SizeCheck(String what, long allocated, long expected) {
    /** Whether they are equal. */
    public boolean agrees() {
        return allocated == expected;
    }

    /** One line with both numbers and the factor between them. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s: allocated %,d, expected %,d, factor %s",
                what,
                allocated,
                expected,
                expected == 0 ? "undefined" : Factor.of(allocated, expected));
    }
}
