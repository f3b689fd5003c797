package dev.flopscope.sweep;

import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;

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
