package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.observe.RightHandSums.Stretch;
import java.util.List;
import java.util.Optional;

/**
 * Checks each product A·B by the test of Freivalds (1977), on some rows of A that are chosen at random: (u·A)·(B·r) is held against
 * u·C·r, where C is the result, u are random signs of some of the rows, and r are signs of a stretch of columns. What takes most of
 * its time is reading those rows of A and of C. B·r of a weight was made when the weight was, from the rows that it was made of;
 * every other B is read.
 *
 * <p>One wrong entry in a checked row is noticed with certainty if it is off by more than twice the bound of its sum, since a sign
 * never makes it vanish; so it is noticed with the probability that its row is checked. Several wrong entries of one sum may
 * besides cancel, with a probability of at most 3/4: u·C may vanish in all columns with at most 1/2, and if it does not, its product
 * with r.
 *
 * <p>The bound is λ·ε·√(k + 76)·‖A‖·√(‖B‖² + ‖B·r‖²), of the rows and columns in the sum, with ε = 2⁻²⁴ and λ = 8. A sum of k products
 * has 2k roundings, of terms and of partial sums, none of which is larger than ε·‖a‖·‖b‖; 76 is for sums in float32, of the result and
 * of the operands. If roundings are independent of each other and have no bias (Higham and Mary 2019), then by Hoeffding's inequality
 * a sound sum is beyond it with a probability of at most 2·exp(−λ²/2), which is 2.6·10⁻¹⁴. To this is added what may be lost where
 * products are smaller than the smallest normal number.
 *
 * <p>What was read of a right operand is kept until the next projection: between two projections, nothing may write what is a right
 * operand of products there.
 */
public final class ProvenProducts implements Products {
    private static final double EPSILON = 0x1p-24;
    private static final double LAMBDA = 8;

    /** Entries of a result that are added up, at most: the more, the larger an error must be to be noticed. */
    public static final int ENTRIES_IN_SUM = 4096;

    private static final int SQUARED_ROUNDINGS = 2 * Pieces.SQUARED_ROUNDINGS + 2;

    private final Products products;
    private final OperandReader reader;
    private final RightHandReader rightHands;
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
        this.rightHands = new RightHandReader(reader);
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
        rightHands.forget();
        products.project(site, left, weight, result);
        Optional<RightHandSums> known = weights.of(weight);
        if (known.isPresent()) {
            check(site, left, known.get(), result);
        } else {
            checkByReading(site, left, weight, true, result);
        }
    }

    private void checkByReading(MatmulSite site, Tensor left, Tensor right, boolean transposed, Tensor result) {
        if (reader.isReadable(right)) {
            check(site, left, rightHands.of(right, transposed), result);
        } else {
            ledger.unproven();
        }
    }

    private void check(MatmulSite site, Tensor left, RightHandSums right, Tensor result) {
        int inner = Math.toIntExact(left.columns());
        int columns = Math.toIntExact(result.columns());
        RowSample rows = RowSample.of(seed, site, Math.toIntExact(left.rows()), share);
        GroupedRows groups = new GroupedRows(rows, groupsInSum(columns));
        List<Stretch> stretches = right.stretches();
        double[][] expected = new double[stretches.size()][groups.count()];
        double[] lengths = sumByWayOfOperands(groups, left, stretches, expected);
        double[][] found = new double[stretches.size()][groups.count()];
        double[] resultLengths = sumResult(groups, result, columns, found);
        Comparison comparison = new Comparison(site);
        double bound = 0;
        int rowsInSum = Math.min(rows.rows(), groups.rowsInSum());
        for (int number = 0; number < expected.length; number++) {
            Stretch stretch = stretches.get(number);
            int first = number * RightHandSums.STRETCH;
            bound = Math.max(
                    bound,
                    comparison.sums(
                            sum -> "rows " + groups.first(sum) + " to " + groups.last(sum) + ", columns " + first
                                    + " to " + (first + stretch.columns() - 1),
                            found[number],
                            expected[number],
                            lengths,
                            scale(inner) * stretch.scale(),
                            (double) inner * stretch.columns() * rowsInSum));
        }
        // A wrong entry may hide a deviation of one bound behind one of the other sign.
        ledger.add(comparison, 2 * bound / rootMeanSquare(resultLengths, (double) rows.rows() * columns));
    }

    /**
     * (u·A)·(B·r) of each stretch and group.
     *
     * @param expected zeros; overwritten
     * @return the length of the elements of A in each group
     */
    private double[] sumByWayOfOperands(GroupedRows groups, Tensor left, List<Stretch> stretches, double[][] expected) {
        return groups.addUp(reader, left, (number, first, some, sums) -> {
            for (int stretch = 0; stretch < expected.length; stretch++) {
                float[][] signed = stretches.get(stretch).signed();
                expected[stretch][number] +=
                        Pieces.dot(sums.sum(), 0, signed, first / Pieces.LENGTH, Pieces.count(some), sums.scratch());
            }
        });
    }

    /**
     * u·C·r of each stretch and group.
     *
     * @param found overwritten
     * @return the length of the elements of C in each group
     */
    private double[] sumResult(GroupedRows groups, Tensor result, int columns, double[][] found) {
        float[][] signs = Pieces.of(Signs.ofColumns(columns));
        return groups.addUp(reader, result, (number, first, some, sums) -> {
            for (int column = first; column < first + some; column += RightHandSums.STRETCH) {
                int stretch = column / RightHandSums.STRETCH;
                found[stretch][number] = Pieces.dot(
                        sums.sum(),
                        (column - first) / Pieces.LENGTH,
                        signs,
                        column / Pieces.LENGTH,
                        Pieces.count(RightHandSums.columns(stretch, columns)),
                        sums.scratch());
            }
        });
    }

    /** A typical entry; 0 if squares are so small that nothing is known of it. */
    private static double rootMeanSquare(double[] lengths, double elements) {
        double squares = 0;
        for (double length : lengths) {
            squares += length * length;
        }
        return squares > Float.MIN_NORMAL * elements ? Math.sqrt(squares / elements) : 0;
    }

    private static int groupsInSum(int columns) {
        int entriesOfGroup = RowSample.ROWS * Math.min(columns, RightHandSums.STRETCH);
        return Math.max(1, Math.min(ENTRIES_IN_SUM / entriesOfGroup, Pieces.ROUNDINGS_OF_SUMS));
    }

    private static double scale(int inner) {
        return LAMBDA * EPSILON * Math.sqrt((double) inner + SQUARED_ROUNDINGS);
    }
}
