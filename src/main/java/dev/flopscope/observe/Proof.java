package dev.flopscope.observe;

import java.util.List;

/**
 * What became of checking the products of a pass.
 *
 * @param share the part of the rows of each product that was checked
 * @param products how many were checked
 * @param unproven how many could not be checked
 * @param largestDeviation the largest deviation that was found, of what roundings explain: at most 1 where all is well
 * @param visible an entry that is wrong by more than this, of a typical entry of the same product, would have been noticed in
 *     a checked row of any of the checked products
 * @param failed how many did not hold
 * @param failures the first of those that did not hold, a line each
 */
public record Proof(
        double share,
        long products,
        long unproven,
        double largestDeviation,
        double visible,
        long failed,
        List<String> failures) {
    /** Keeps a copy. */
    public Proof {
        failures = List.copyOf(failures);
    }

    /** Whether every product that was checked holds. */
    public boolean holds() {
        return failed == 0;
    }
}
