package dev.flopscope.api;

import java.util.List;

/**
 * A pass that was executed, beside its closed forms.
 *
 * @param expected by closed forms
 * @param counted as it happened
 * @param agrees whether both are the same at every site, calls and shapes included
 * @param disagreements a line for each site where they are not
 * @param seconds how long it took
 */
public record CountedPass(
        PassFlops expected, PassFlops counted, boolean agrees, List<String> disagreements, double seconds) {
    /** Keeps a copy. */
    public CountedPass {
        disagreements = List.copyOf(disagreements);
    }
}
