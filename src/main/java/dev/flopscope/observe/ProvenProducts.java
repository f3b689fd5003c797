package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.observe.WeightSums.Stretch;
import java.util.Optional;

/**
 * Checks each product A·B by the test of Freivalds (1977), on some rows of A that are chosen at random, with random signs u: sums of
 * (u·A)·B are held against the same sums of the result. What takes most of its time is reading those rows of A and of the result.
 *
 * <p>Where B is a weight, eight rows at a time are added up, and their sum times r·B, where r are signs of the weight's rows; r·B was
 * made when the weight was, from the rows that it was made of. Every other B is read, and all rows are added up.
 *
 * <p>One wrong entry in a checked row is noticed with certainty if it is off by more than twice the bound of its sum, since a sign
 * never makes it vanish; so it is noticed with the probability that its row is checked. Several wrong entries of one sum may
 * besides cancel, with a probability of at most 1/2.
 *
 * <p>The bound is λ·ε·√(k + 76) times the lengths of both operands of a sum, ‖A‖·√(‖B‖² + ‖r·B‖²) or √(‖A‖² + ‖u·A‖²)·‖B‖, with
 * ε = 2⁻²⁴ and λ = 8. A sum of k products has 2k roundings, of terms and of partial sums, none of which is larger than ε·‖a‖·‖b‖; 76
 * is for sums in float32, of the result and of the operands. If roundings are independent of each other and have no bias (Higham
 * and Mary 2019), then by Hoeffding's inequality a sound sum is beyond it with a probability of at most 2·exp(−λ²/2), which is
 * 2.6·10⁻¹⁴. To this is added what may be lost where products are smaller than the smallest normal number.
 */
public final class ProvenProducts implements Products {
    private static final double EPSILON = 0x1p-24;
    private static final double LAMBDA = 8;

    /** Groups of four rows that are added up before they are held against a weight. */
    private static final int GROUPS_IN_SUM = 2;

    private static final int SQUARED_ROUNDINGS = 2 * Pieces.SQUARED_ROUNDINGS + 2;

    private final Products products;
    private final OperandReader reader;
    private final SummedWeights weights;
    private final long seed;
    private final double share;
    private final ProofLedger ledger;

    /**
     * Checks {@code products}.
     *
     * @param products a backend's
     * @param reader the same backend's
     * @param weights what is known of weights since they were made
     * @param seed decides which rows are checked, and with which signs
     * @param share the part of the rows of each product that is checked, more than 0 and at most 1
     */
    public ProvenProducts(Products products, OperandReader reader, SummedWeights weights, long seed, double share) {
        this(products, reader, weights, seed, share, new ProofLedger(share));
    }

    private ProvenProducts(
            Products products,
            OperandReader reader,
            SummedWeights weights,
            long seed,
            double share,
            ProofLedger ledger) {
        this.products = products;
        this.reader = reader;
        this.weights = weights;
        this.seed = seed;
        this.share = share;
        this.ledger = ledger;
    }

    /** Does the same work on {@code rehearsed}, so that it is ready, and keeps no result: there may be none. */
    public Products rehearsing(Products rehearsed) {
        return new ProvenProducts(rehearsed, reader, weights, seed, share, new ProofLedger(share));
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
        if (known.isPresent()) {
            checkByWeight(site, left, known.get(), result);
        } else {
            checkByReading(site, left, weight, true, result);
        }
    }

    private void checkByWeight(MatmulSite site, Tensor left, WeightSums known, Tensor result) {
        int inner = Math.toIntExact(left.columns());
        int stretches = known.stretches().size();
        RowSample rows = RowSample.of(seed, site, Math.toIntExact(left.rows()), share);
        GroupedRows groups = new GroupedRows(rows, GROUPS_IN_SUM);
        double[] lengths = new double[groups.count()];
        double[][] expected = new double[stretches][lengths.length];
        groups.addUp(reader, left, lengths, (number, first, columns, sum, scratch) -> {
            for (int stretch = 0; stretch < stretches; stretch++) {
                float[][] signed = known.stretches().get(stretch).signed();
                expected[stretch][number] +=
                        Pieces.dot(sum, 0, signed, first / Pieces.LENGTH, Pieces.count(columns), scratch);
            }
        });
        double[][] found = new double[stretches][lengths.length];
        float[][] signs = Signs.ofRows((int) result.columns());
        groups.addUp(reader, result, new double[0], (number, first, columns, sum, scratch) -> {
            for (int column = first; column < first + columns; column += SummedWeights.STRETCH) {
                int some = Math.min(SummedWeights.STRETCH, first + columns - column);
                found[column / SummedWeights.STRETCH][number] = Pieces.dot(
                        sum,
                        (column - first) / Pieces.LENGTH,
                        signs,
                        column / Pieces.LENGTH,
                        Pieces.count(some),
                        scratch);
            }
        });
        int rowsInSum = Math.min(rows.rows(), GROUPS_IN_SUM * RowSample.ROWS);
        Comparison comparison = new Comparison(site);
        double noticed = 0;
        for (int number = 0; number < stretches; number++) {
            Stretch stretch = known.stretches().get(number);
            noticed = Math.max(
                    noticed,
                    comparison.sums(
                            sum -> "rows " + groups.first(sum) + " to " + groups.last(sum),
                            found[number],
                            expected[number],
                            lengths,
                            scale(inner) * stretch.scale(),
                            (double) inner * stretch.rows() * rowsInSum,
                            stretch.rows() * rowsInSum));
        }
        ledger.add(comparison, noticed);
    }

    private void checkByReading(MatmulSite site, Tensor left, Tensor right, boolean transposed, Tensor result) {
        if (!reader.isReadable(right)) {
            ledger.unproven();
            return;
        }
        RowSample rows = RowSample.of(seed, site, Math.toIntExact(left.rows()), share);
        SignedRows lefts = SignedRows.of(reader, left, rows, true);
        RightHandSums expected = RightHandSums.of(reader, rounded(lefts.sums()), right, transposed);
        double[] found =
                expected.added(SignedRows.of(reader, result, rows, false).sums());
        int entries = rows.rows() * Math.min(expected.inSum(), Math.toIntExact(result.columns()));
        Comparison comparison = new Comparison(site);
        double noticed = comparison.sums(
                expected.places(),
                found,
                expected.values(),
                expected.lengths(),
                scale(lefts.sums().length) * Math.sqrt(lefts.square() + square(lefts.sums())),
                (double) lefts.sums().length * entries,
                entries);
        ledger.add(comparison, noticed);
    }

    private static double scale(int inner) {
        return LAMBDA * EPSILON * Math.sqrt((double) inner + SQUARED_ROUNDINGS);
    }

    private static float[] rounded(double[] vector) {
        float[] rounded = new float[vector.length];
        for (int index = 0; index < vector.length; index++) {
            rounded[index] = (float) vector[index];
        }
        return rounded;
    }

    private static double square(double[] vector) {
        double squares = 0;
        for (double element : vector) {
            squares += element * element;
        }
        return squares;
    }
}
