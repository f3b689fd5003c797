package dev.flopscope.sweep;

import dev.flopscope.sweep.Measured.Totals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * How time and FLOPs grow with the context, all else being the same.
 *
 * @param point the settings, at the shortest context
 * @param environment where the first row was measured
 * @param contexts the contexts, rising, at least three
 * @param time exponent of the median time in T
 * @param flops exponent of the counted FLOPs in T
 */
public record Scaling(
        SweepPoint point, Environment environment, List<Integer> contexts, Exponent time, Exponent flops) {
    private static final int LEAST_CONTEXTS = 3;

    /** Keeps a copy. */
    public Scaling {
        contexts = List.copyOf(contexts);
    }

    /**
     * The e of y ∝ xᵉ, by least squares on logarithms.
     *
     * @param value e
     * @param standardError of e; 0 if the points are on a line
     */
    public record Exponent(double value, double standardError) {
        /**
         * Fits.
         *
         * @param x at least three values, not all the same, all positive
         * @param y as many, all positive
         */
        static Exponent fit(List<Double> x, List<Double> y) {
            SimpleRegression line = new SimpleRegression();
            for (int point = 0; point < x.size(); point++) {
                line.addData(Math.log(x.get(point)), Math.log(y.get(point)));
            }
            return new Exponent(line.getSlope(), line.getSlopeStdErr());
        }
    }

    /** Fits all rows that differ in the context alone, wherever there are three contexts or more, in the order of the rows. */
    public static List<Scaling> of(List<SweepRow> rows) {
        Map<List<Object>, List<SweepRow>> families = new LinkedHashMap<>();
        for (SweepRow row : rows) {
            if (row.measured().filter(found -> found.all().median() > 0).isPresent()) {
                List<Object> family =
                        List.of(row.point().atContext(1), row.environment().hardware());
                families.computeIfAbsent(family, key -> new ArrayList<>()).add(row);
            }
        }
        return families.values().stream()
                .filter(family -> contexts(family).distinct().count() >= LEAST_CONTEXTS)
                .map(Scaling::fit)
                .toList();
    }

    private static Stream<Integer> contexts(List<SweepRow> rows) {
        return rows.stream().map(row -> row.point().context());
    }

    private static Scaling fit(List<SweepRow> family) {
        List<SweepRow> sorted = family.stream()
                .sorted(Comparator.comparingInt(row -> row.point().context()))
                .toList();
        return new Scaling(
                sorted.get(0).point(),
                sorted.get(0).environment(),
                contexts(sorted).toList(),
                exponent(sorted, Totals::median),
                exponent(sorted, Totals::countedFlops));
    }

    private static Exponent exponent(List<SweepRow> rows, ToDoubleFunction<Totals> figure) {
        return Exponent.fit(
                contexts(rows).map(Integer::doubleValue).toList(),
                rows.stream()
                        .map(row -> figure.applyAsDouble(
                                row.measured().orElseThrow().all()))
                        .toList());
    }
}
