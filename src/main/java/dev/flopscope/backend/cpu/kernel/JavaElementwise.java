package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.config.Activation;

/** Loops over one row at a time that Java's compiler vectorises. */
public final class JavaElementwise implements Elementwise {
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final float GELU_LINEAR = (float) (-2 * SQRT_2_OVER_PI);
    /** Beyond it the normal distribution is 0 or 1 in a float. */
    private static final double FAR_OUT = 7;

    private static final double SERIES_END = 1e-17;
    private static final float MINUS_STEEPNESS = (float) -Activation.QUICK_GELU_STEEPNESS;
    private static final float GELU_CUBIC = (float) (-2 * SQRT_2_OVER_PI * 0.044715);

    @Override
    public void exp(Matrix source, Matrix result, int rows) {
        int columns = source.width();
        float[] row = new float[columns];
        float[] scratch = new float[columns];
        for (int r = 0; r < rows; r++) {
            source.readRow(r, row, columns);
            FloatRows.exp(row, scratch, columns);
            result.writeRow(r, row, columns);
        }
    }

    /**
     * All but GELU itself are x / (1 + exp(−a)): SiLU with a = x, GELU by the logistic function with a = 1.702·x, and GELU's tanh
     * form with an odd polynomial, by tanh(a/2) = 2 / (1 + exp(−a)) − 1.
     */
    @Override
    public void activate(Activation activation, Matrix matrix, long from, long to) {
        if (activation == Activation.GELU) {
            gelu(matrix, from, to);
            return;
        }
        int columns = matrix.width();
        float[] x = new float[columns];
        float[] e = new float[columns];
        float[] scratch = new float[columns];
        for (long r = from; r < to; r++) {
            matrix.readRow(r, x, columns);
            switch (activation) {
                case SILU -> multiply(x, -1, e);
                case QUICK_GELU -> multiply(x, MINUS_STEEPNESS, e);
                case GELU_TANH -> geluExponent(x, e);
                case GELU -> throw new IllegalStateException("GELU has no exponent");
            }
            FloatRows.exp(e, scratch, columns);
            for (int i = 0; i < columns; i++) {
                x[i] = x[i] / (1 + e[i]);
            }
            matrix.writeRow(r, x, columns);
        }
    }

    private static void gelu(Matrix matrix, long from, long to) {
        float[] x = new float[matrix.width()];
        for (long r = from; r < to; r++) {
            matrix.readRow(r, x, x.length);
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (x[i] * normal(x[i]));
            }
            matrix.writeRow(r, x, x.length);
        }
    }

    /** Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (Marsaglia 2004, "Evaluating the normal distribution"). */
    private static double normal(double x) {
        if (Math.abs(x) > FAR_OUT) {
            return x > 0 ? 1 : 0;
        }
        double term = x;
        double sum = x;
        for (int odd = 3; Math.abs(term) > Math.abs(sum) * SERIES_END; odd += 2) {
            term *= x * x / odd;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private static void multiply(float[] x, float factor, float[] result) {
        for (int i = 0; i < x.length; i++) {
            result[i] = factor * x[i];
        }
    }

    /** −2·√(2/π)(x + 0.044715·x³). */
    private static void geluExponent(float[] x, float[] result) {
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i] * (GELU_LINEAR + GELU_CUBIC * x[i] * x[i]);
        }
    }
}
