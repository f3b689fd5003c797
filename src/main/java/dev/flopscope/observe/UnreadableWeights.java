package dev.flopscope.observe;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Weights in a layout that only products read: a vector times one of them is a product of one row, and how long its columns
 * are is estimated once from a product of random signs.
 */
final class UnreadableWeights {
    /** The largest of so many random sums is less than half the length of a column once in millions. */
    private static final int PROBES = 16;

    private static final long SEED = 1;

    private final Products products;
    private final OperandReader reader;
    private final Allocator memory;
    private final Map<Extents, Tensor> scratch = new HashMap<>();
    private final IdentityHashMap<Tensor, double[]> lengths = new IdentityHashMap<>();

    private record Extents(int rows, long columns, boolean result) {}

    UnreadableWeights(Products products, OperandReader reader, Allocator memory) {
        this.products = products;
        this.reader = reader;
        this.memory = memory;
    }

    /**
     * {@code vector} times a weight.
     *
     * @param by does the product of one row
     */
    synchronized RightHandSums times(Products by, MatmulSite site, double[] vector, Tensor weight) {
        Tensor left = scratch(1, weight.columns(), false);
        Tensor result = scratch(1, weight.rows(), true);
        reader.writeRow(left, 0, RightHandSums.rounded(vector));
        float[] row = new float[(int) weight.rows()];
        Arrays.fill(row, Float.NaN);
        reader.writeRow(result, 0, row);
        by.project(site, left, weight, result);
        reader.readRow(result, 0, row);
        double[] values = new double[row.length];
        for (int column = 0; column < row.length; column++) {
            values[column] = row[column];
        }
        double[] known = lengths.get(weight);
        if (known == null) {
            known = estimate(site, weight);
            lengths.put(weight, known);
        }
        return new RightHandSums(values, known);
    }

    private double[] estimate(MatmulSite site, Tensor weight) {
        Tensor left = scratch(PROBES, weight.columns(), false);
        Tensor result = scratch(PROBES, weight.rows(), true);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int probe = 0; probe < PROBES; probe++) {
            reader.writeRow(left, probe, Signs.of(random, (int) weight.columns()));
        }
        products.project(site, left, weight, result);
        float[] row = new float[(int) weight.rows()];
        double[] largest = new double[row.length];
        for (int probe = 0; probe < PROBES; probe++) {
            reader.readRow(result, probe, row);
            for (int column = 0; column < row.length; column++) {
                largest[column] = Math.max(largest[column], Math.abs(row[column]));
            }
        }
        return largest;
    }

    private Tensor scratch(int rows, long columns, boolean result) {
        return scratch.computeIfAbsent(new Extents(rows, columns, result), missing -> memory.zeros(rows, columns));
    }
}
