package dev.flopscope.observe;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks each product by the test of Freivalds (1977): for random signs u, u·(left·right) must be (u·left)·right but for
 * roundings, column by column. Its products are as many as two of the m rows have;
 * what takes most of its time is reading left and result.
 *
 * <p>One wrong entry of a column is noticed with certainty if it is off by more than twice the bound of its column, since a sign
 * never makes an entry vanish. Several wrong entries of one column go unnoticed with a probability of at most 1/2, and
 * independently so over repetitions with other seeds.
 *
 * <p>The bound is that of roundings which are independent of each other (Higham and Mary 2019), {@code λ·ε·(√k + 4)·‖w‖·(‖A‖ +
 * ‖u·A‖)}, with ε = 2⁻²⁴, λ = 8, the length ‖w‖ of the column, and that of all of left, ‖A‖.
 *
 * <p>(u·left)·right is computed from the rows of the right operand in Java, so that a product of a single row is computed a
 * second time. The exception is a weight in a layout that only products read: the same products compute it, as a product of one
 * row, and a product that has but one row itself is not proven.
 */
public final class ProvenProducts implements Products {
    private static final double EPSILON = 0x1p-24;
    private static final double LAMBDA = 8;
    private static final double SMALLEST = Float.MIN_NORMAL;
    private static final int MOST_FAILURES = 5;

    private final Products products;
    private final OperandReader reader;
    private final UnreadableWeights weights;
    private final long seed;
    private final Ledger ledger;

    /**
     * Checks {@code products}.
     *
     * @param products a backend's
     * @param reader the same backend's
     * @param memory for rows of the checks
     * @param seed decides the signs
     */
    public ProvenProducts(Products products, OperandReader reader, Allocator memory, long seed) {
        this(products, reader, new UnreadableWeights(products, reader, memory), seed, new Ledger());
    }

    private ProvenProducts(
            Products products, OperandReader reader, UnreadableWeights weights, long seed, Ledger ledger) {
        this.products = products;
        this.reader = reader;
        this.weights = weights;
        this.seed = seed;
        this.ledger = ledger;
    }

    /** Does the same work on {@code rehearsed}, so that it is ready, and keeps no result: there may be none. */
    public Products rehearsing(Products rehearsed) {
        return new ProvenProducts(rehearsed, reader, weights, seed, new Ledger());
    }

    /** What became of all products so far. */
    public Proof proof() {
        return ledger.proof();
    }

    @Override
    public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        products.multiply(site, left, right, rightIs, result);
        check(site, left, right, rightIs == Right.TRANSPOSED, result);
    }

    @Override
    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
        products.project(site, left, weight, result);
        check(site, left, weight, true, result);
    }

    private void check(MatmulSite site, Tensor left, Tensor right, boolean transposed, Tensor result) {
        boolean readable = reader.isReadable(right);
        if (!readable && left.rows() == 1) {
            ledger.unproven();
            return;
        }
        float[] signs = Signs.of(seed, site, (int) left.rows());
        SignedRows lefts = SignedRows.of(reader, left, signs, true);
        double[] found = SignedRows.of(reader, result, signs, false).sums();
        RightHandSums expected = readable
                ? RightHandSums.of(reader, lefts.sums(), right, transposed)
                : weights.times(products, site, lefts.sums(), right);
        double scale = LAMBDA
                * EPSILON
                * (Math.sqrt((double) left.columns()) + Math.sqrt(SignedRows.ROWS_IN_FLOAT32))
                * (lefts.length() + length(lefts.sums()));
        ledger.add(site, (double) left.rows(), found, expected, scale);
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double element : vector) {
            squares += element * element;
        }
        return Math.sqrt(squares);
    }

    /** What became of products, from any thread. */
    private static final class Ledger {
        private long products;
        private long unproven;
        private double largestDeviation;
        private double visible;
        private long failed;
        private final List<String> failures = new ArrayList<>();

        synchronized void unproven() {
            unproven++;
        }

        /**
         * Compares sums of a product's columns.
         *
         * @param scale the bound of a column, for each unit of its length
         */
        void add(MatmulSite site, double rows, double[] found, RightHandSums expected, double scale) {
            double worst = 0;
            int worstColumn = 0;
            double bounds = 0;
            double squares = 0;
            for (int column = 0; column < found.length; column++) {
                double bound = scale * expected.lengths()[column] + SMALLEST;
                double deviation = Math.abs(found[column] - expected.values()[column]) / bound;
                if (!(deviation <= worst)) {
                    worst = Double.isNaN(deviation) ? Double.POSITIVE_INFINITY : deviation;
                    worstColumn = column;
                }
                bounds += bound * bound;
                squares += found[column] * found[column];
            }
            // Random signs make the square of a sum, on average, the sum of the squares.
            double noticed = 2 * Math.sqrt(bounds * rows / squares);
            String failure = worst <= 1
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%s: not proven in column %d: signed sum %.9g, expected %.9g, bound %.3g",
                            site,
                            worstColumn,
                            found[worstColumn],
                            expected.values()[worstColumn],
                            scale * expected.lengths()[worstColumn] + SMALLEST);
            keep(worst, noticed, failure);
        }

        private synchronized void keep(double deviation, double noticed, String failure) {
            products++;
            largestDeviation = Math.max(largestDeviation, deviation);
            if (Double.isFinite(noticed)) { // a product of nothing but zeros has no typical entry
                visible = Math.max(visible, noticed);
            }
            if (!failure.isEmpty()) {
                failed++;
                if (failures.size() < MOST_FAILURES) {
                    failures.add(failure);
                }
            }
        }

        synchronized Proof proof() {
            return new Proof(products, unproven, largestDeviation, visible, failed, failures);
        }
    }
}
