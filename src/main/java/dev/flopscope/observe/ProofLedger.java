package dev.flopscope.observe;

import java.util.ArrayList;
import java.util.List;

/** What became of products, from any thread. */
final class ProofLedger {
    private static final int MOST_FAILURES = 5;

    private final double share;
    private long products;
    private long unproven;
    private double largestDeviation;
    private double visible;
    private long failed;
    private final List<String> failures = new ArrayList<>();

    /**
     * Nothing has been checked yet.
     *
     * @param share the part of the rows of each product that is checked
     */
    ProofLedger(double share) {
        this.share = share;
    }

    /** Counts a product that could not be checked. */
    synchronized void unproven() {
        unproven++;
    }

    /**
     * Counts a product that was checked.
     *
     * @param noticed how far off an entry must be, of a typical one, to be noticed
     */
    void add(Comparison comparison, double noticed) {
        synchronized (this) {
            products++;
            largestDeviation = Math.max(largestDeviation, comparison.worst());
            if (Double.isFinite(noticed)) { // a product of nothing but zeros has no typical entry
                visible = Math.max(visible, noticed);
            }
            if (!comparison.holds()) {
                failed++;
                if (failures.size() < MOST_FAILURES) {
                    failures.add(comparison.failure());
                }
            }
        }
    }

    /** So far. */
    synchronized Proof proof() {
        return new Proof(share, products, unproven, largestDeviation, visible, failed, failures);
    }
}
