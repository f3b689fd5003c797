package dev.flopscope.observe;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A vector times a weight, as a product of one row: the weight may be in a layout that only products read. */
final class WeightProducts {
    private final OperandReader reader;
    private final Allocator memory;
    private final Map<Extents, Tensor> scratch = new HashMap<>();

    private record Extents(long columns, boolean result) {}

    WeightProducts(OperandReader reader, Allocator memory) {
        this.reader = reader;
        this.memory = memory;
    }

    /**
     * {@code vector} times each row of a weight.
     *
     * @param by does the product
     */
    synchronized double[] times(Products by, MatmulSite site, float[] vector, Tensor weight) {
        Tensor left = scratch(weight.columns(), false);
        Tensor result = scratch(weight.rows(), true);
        reader.writeRow(left, 0, vector);
        float[] row = new float[(int) weight.rows()];
        Arrays.fill(row, Float.NaN); // what was there before could pass for the result
        reader.writeRow(result, 0, row);
        by.project(site, left, weight, result);
        return row(result);
    }

    /** The only row of a result. */
    double[] row(Tensor result) {
        float[] row = new float[(int) result.columns()];
        reader.readRow(result, 0, 0, row, row.length);
        double[] values = new double[row.length];
        for (int column = 0; column < row.length; column++) {
            values[column] = row[column];
        }
        return values;
    }

    private Tensor scratch(long columns, boolean result) {
        return scratch.computeIfAbsent(new Extents(columns, result), missing -> memory.zeros(1, columns));
    }
}
