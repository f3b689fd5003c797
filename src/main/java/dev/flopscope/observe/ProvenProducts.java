package dev.flopscope.observe;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import java.util.Optional;

/**
 * Checks each product by the test of Freivalds (1977): for random signs u, u·(left·right) must be (u·left)·right but for
 * roundings, column by column. What takes most of its time is reading left and result once.
 *
 * <p>One wrong entry of a column is noticed with certainty if it is off by more than twice the bound of its column, since a sign
 * never makes an entry vanish. Several wrong entries of one column go unnoticed with a probability of at most 1/2, and
 * independently so over repetitions with other seeds.
 *
 * <p>The bound is λ·ε·√(k + 36)·‖w‖·√(‖A‖² + ‖u·A‖²), with ε = 2⁻²⁴, λ = 8, the length ‖w‖ of the column, and that of all of
 * left, ‖A‖. A sum of k products has 2k roundings, of terms and of partial sums, none of which is larger than ε·‖a‖·‖w‖; 36 is for
 * sums over rows in float32, of the result and of left. If roundings are independent of each other and have no bias (Higham and
 * Mary 2019), then by Hoeffding's inequality a sound column is beyond it with a probability of at most 2·exp(−λ²/2), which is
 * 2.6·10⁻¹⁴.
 *
 * <p>Where right is a weight, (u·left)·right is a product of one row by the same products, and that row must be what the weight was
 * made of: times the signs r of the weight's rows it must be (u·left)·(r·weight), where r·weight was summed up when the weight was
 * made. A product that has but one row itself is held against r·weight alone. Every other right operand is read.
 */
public final class ProvenProducts implements Products {
    private static final double EPSILON = 0x1p-24;
    private static final double LAMBDA = 8;

    private final Products products;
    private final OperandReader reader;
    private final SummedWeights weights;
    private final WeightProducts byWeights;
    private final long seed;
    private final ProofLedger ledger;

    /**
     * Checks {@code products}.
     *
     * @param products a backend's
     * @param reader the same backend's
     * @param weights what is known of weights since they were made
     * @param memory for rows of the checks
     * @param seed decides the signs
     */
    public ProvenProducts(Products products, OperandReader reader, SummedWeights weights, Allocator memory, long seed) {
        this(products, reader, weights, new WeightProducts(reader, memory), seed, new ProofLedger());
    }

    private ProvenProducts(
            Products products,
            OperandReader reader,
            SummedWeights weights,
            WeightProducts byWeights,
            long seed,
            ProofLedger ledger) {
        this.products = products;
        this.reader = reader;
        this.weights = weights;
        this.byWeights = byWeights;
        this.seed = seed;
        this.ledger = ledger;
    }

    /** Does the same work on {@code rehearsed}, so that it is ready, and keeps no result: there may be none. */
    public Products rehearsing(Products rehearsed) {
        return new ProvenProducts(rehearsed, reader, weights, byWeights, seed, new ProofLedger());
    }

    /** What became of all products so far. */
    public Proof proof() {
        return ledger.proof();
    }

    @Override
    public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        products.multiply(site, left, right, rightIs, result);
        checkByReading(site, left, right, rightIs == Right.TRANSPOSED, result);
    }

    @Override
    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
        products.project(site, left, weight, result);
        Optional<WeightSums> known = weights.of(weight);
        if (known.isEmpty()) {
            checkByReading(site, left, weight, true, result);
        } else if (left.rows() == 1) {
            checkRow(site, left, known.get(), result);
        } else {
            checkByWeight(site, left, weight, known.get(), result);
        }
    }

    private void checkByReading(MatmulSite site, Tensor left, Tensor right, boolean transposed, Tensor result) {
        if (!reader.isReadable(right)) {
            ledger.unproven();
            return;
        }
        float[] signs = Signs.of(seed, site, (int) left.rows());
        SignedRows lefts = SignedRows.of(reader, left, signs, true);
        float[] vector = rounded(lefts.sums());
        RightHandSums expected = RightHandSums.of(reader, vector, right, transposed);
        checkColumns(new Comparison(site), lefts, expected, signs, result);
    }

    private void checkByWeight(MatmulSite site, Tensor left, Tensor weight, WeightSums known, Tensor result) {
        float[] signs = Signs.of(seed, site, (int) left.rows());
        SignedRows lefts = SignedRows.of(reader, left, signs, true);
        float[] vector = rounded(lefts.sums());
        double[] expected = byWeights.times(products, site, vector, weight);
        Comparison comparison = new Comparison(site);
        compareRow(comparison, "the product of its signed rows", vector, known, expected);
        checkColumns(comparison, lefts, new RightHandSums(expected, known.lengths()), signs, result);
    }

    private void checkColumns(
            Comparison comparison, SignedRows lefts, RightHandSums expected, float[] signs, Tensor result) {
        double[] found = SignedRows.of(reader, result, signs, false).sums();
        double scale = LAMBDA
                * EPSILON
                * Math.sqrt(lefts.sums().length + 2.0 * SignedRows.SQUARED_ROUNDINGS)
                * Math.hypot(lefts.length(), length(lefts.sums()));
        comparison.columns(found, expected.values(), expected.lengths(), scale);
        ledger.add(comparison, comparison.noticedByColumns(signs.length));
    }

    private void checkRow(MatmulSite site, Tensor left, WeightSums known, Tensor result) {
        double[] found = byWeights.row(result);
        Comparison comparison = new Comparison(site);
        double bound = compareRow(comparison, "its row", rounded(byWeights.row(left)), known, found);
        ledger.add(comparison, 2 * bound * Math.sqrt(found.length) / length(found));
    }

    /** Holds {@code vector} times a weight against the sums of the weight, and says what roundings explain. */
    private static double compareRow(
            Comparison comparison, String of, float[] vector, WeightSums known, double[] product) {
        double found = 0;
        for (int column = 0; column < product.length; column++) {
            found += Signs.ofRow(column) * product[column];
        }
        double expected = 0;
        double squares = 0;
        for (int index = 0; index < vector.length; index++) {
            expected += vector[index] * known.signed()[index];
            squares += (double) vector[index] * vector[index];
        }
        double bound = LAMBDA
                * EPSILON
                * Math.sqrt(vector.length + 1.0 + SignedRows.SQUARED_ROUNDINGS)
                * Math.sqrt(squares)
                * known.length();
        comparison.row(of, found, expected, bound);
        return bound;
    }

    private static float[] rounded(double[] vector) {
        float[] rounded = new float[vector.length];
        for (int index = 0; index < vector.length; index++) {
            rounded[index] = (float) vector[index];
        }
        return rounded;
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double element : vector) {
            squares += element * element;
        }
        return Math.sqrt(squares);
    }
}
