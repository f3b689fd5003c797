package dev.flopscope.polynomial;

import java.util.ArrayList;
import java.util.List;

/** Linear equations, solved exactly as they come by Gauss–Jordan elimination. */
final class LinearSystem {
    private final int unknowns;
    /** Rows in reduced form, each with its right side last; {@code pivots} has the column of each. */
    private final List<List<Fraction>> rows = new ArrayList<>();

    private final List<Integer> pivots = new ArrayList<>();

    LinearSystem(int unknowns) {
        this.unknowns = unknowns;
    }

    /** Whether there is only one solution. */
    boolean isDetermined() {
        return rows.size() == unknowns;
    }

    /**
     * Adds an equation.
     *
     * @return whether there still is a solution
     */
    boolean add(List<Fraction> coefficients, Fraction right) {
        List<Fraction> row = new ArrayList<>(coefficients);
        row.add(right);
        for (int i = 0; i < rows.size(); i++) {
            subtract(row, rows.get(i), pivots.get(i));
        }
        int pivot = 0;
        while (pivot < unknowns && row.get(pivot).signum() == 0) {
            pivot++;
        }
        if (pivot == unknowns) {
            return row.get(unknowns).signum() == 0;
        }
        Fraction scale = row.get(pivot);
        row.replaceAll(value -> value.over(scale));
        for (List<Fraction> other : rows) {
            subtract(other, row, pivot);
        }
        rows.add(row);
        pivots.add(pivot);
        return true;
    }

    private static void subtract(List<Fraction> row, List<Fraction> other, int pivot) {
        Fraction factor = row.get(pivot);
        if (factor.signum() != 0) {
            for (int column = 0; column < row.size(); column++) {
                row.set(column, row.get(column).minus(other.get(column).times(factor)));
            }
        }
    }

    /**
     * The values of the unknowns.
     *
     * @throws IllegalStateException if there are several
     */
    List<Fraction> solution() {
        if (!isDetermined()) {
            throw new IllegalStateException("more unknowns than equations");
        }
        List<Fraction> solution = new ArrayList<>();
        for (int unknown = 0; unknown < unknowns; unknown++) {
            solution.add(rows.get(pivots.indexOf(unknown)).get(unknowns));
        }
        return solution;
    }
}
