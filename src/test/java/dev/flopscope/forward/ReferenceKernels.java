package dev.flopscope.forward;

import static dev.flopscope.Rounding.gamma;

/** What happens between products, in float64, with bounds on how far float32 may be off. */
final class ReferenceKernels {
    /** Steepest slopes of silu (1.0998 at 2.4) and of GELU's tanh form (1.129 at 1.4): what they multiply an error by. */
    private static final double SILU_SLOPE = 1.1;

    private static final double GELU_SLOPE = 1.13;

    private ReferenceKernels() {}

    /** A sum of k products: γₖ·|Â|·|B̂| of its own, and the operands' errors times the other operands. */
    static double errorOfSum(BoundedMatrix a, int row, BoundedMatrix b, int column) {
        double magnitude = 0;
        double passedOn = 0;
        for (int inner = 0; inner < a.columns(); inner++) {
            double errorA = a.errors[row][inner];
            double errorB = b.errors[inner][column];
            magnitude += a.magnitude(row, inner) * b.magnitude(inner, column);
            passedOn += errorA * b.magnitude(inner, column) + Math.abs(a.values[row][inner]) * errorB;
        }
        return gamma(a.columns()) * magnitude + passedOn;
    }

    /**
     * x·g / √(mean(x²) + ε). The root is a norm of (x/√D, √ε), so errors e move it by at most √mean(e²), which is how they
     * reach elements other than their own. Roundings: D + 4 in the sum, a cast, two products.
     */
    static BoundedMatrix rmsNorm(BoundedMatrix x, double[] gain, double epsilon) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            double root = Math.sqrt(meanSquare(x.values[row]) + epsilon);
            double rootError = Math.sqrt(meanSquare(x.errors[row]));
            for (int i = 0; i < x.columns(); i++) {
                double value = x.values[row][i] / root * gain[i];
                double passedOn = Math.abs(gain[i])
                        * (x.errors[row][i] + Math.abs(x.values[row][i]) * rootError / root)
                        / (root - rootError);
                result.set(row, i, value, passedOn + gamma(x.columns() + 7) * (Math.abs(value) + passedOn));
            }
        }
        return result;
    }

    private static double meanSquare(double[] row) {
        double squares = 0;
        for (double value : row) {
            squares += value * value;
        }
        return squares / row.length;
    }

    /** Pairs (i, i + d/2) turned by position·θ^(−2i/d). Roundings: a table's entry, a product, a sum. */
    static BoundedMatrix rotated(BoundedMatrix x, int tokens, int d, double theta) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                int within = column % d;
                int pair = within % (d / 2);
                double angle = row % tokens / Math.pow(theta, 2.0 * pair / d);
                int partner = within < d / 2 ? column + d / 2 : column - d / 2;
                double sine = within < d / 2 ? -Math.sin(angle) : Math.sin(angle);
                double value = x.values[row][column] * Math.cos(angle) + x.values[row][partner] * sine;
                double passedOn =
                        x.errors[row][column] * Math.abs(Math.cos(angle)) + x.errors[row][partner] * Math.abs(sine);
                double magnitude = x.magnitude(row, column) * Math.abs(Math.cos(angle))
                        + x.magnitude(row, partner) * Math.abs(sine);
                result.set(row, column, value, passedOn + gamma(3) * magnitude + 1e-14 * x.magnitude(row, partner));
            }
        }
        return result;
    }

    /**
     * Softmax of scale·scores under the causal mask. An exponent that is off by η makes its share off by a factor of e^η,
     * and the sum by at most e^(largest η). Roundings: three in an exponent; three in an exponential, above the bar and below;
     * the sum, its reciprocal and a product.
     */
    static BoundedMatrix causalSoftmax(BoundedMatrix scores, double scale) {
        BoundedMatrix result = new BoundedMatrix(scores.rows(), scores.columns());
        for (int t = 0; t < scores.rows(); t++) {
            double max = Double.NEGATIVE_INFINITY;
            double min = Double.POSITIVE_INFINITY;
            for (int i = 0; i <= t; i++) {
                max = Math.max(max, scores.values[t][i] + scores.errors[t][i]);
                min = Math.min(min, scores.values[t][i] - scores.errors[t][i]);
            }
            double largestError = 0;
            double sum = 0;
            for (int i = 0; i <= t; i++) {
                largestError = Math.max(largestError, scores.errors[t][i]);
                sum += Math.exp((scores.values[t][i] - max) * scale);
            }
            double exponentError = scale * (largestError + gamma(3) * (max - min));
            double relative = Math.expm1(2 * exponentError + gamma(t + 12));
            for (int i = 0; i <= t; i++) {
                double share = Math.exp((scores.values[t][i] - max) * scale) / sum;
                result.set(t, i, share, share * relative);
            }
        }
        return result;
    }

    /** silu(gate)·up. Roundings: three in the exponential, a sum, a quotient, a product. */
    static BoundedMatrix gated(BoundedMatrix gate, BoundedMatrix up) {
        BoundedMatrix result = new BoundedMatrix(gate.rows(), gate.columns());
        for (int row = 0; row < gate.rows(); row++) {
            for (int i = 0; i < gate.columns(); i++) {
                double silu = gate.values[row][i] / (1 + Math.exp(-gate.values[row][i]));
                double siluError = SILU_SLOPE * gate.errors[row][i];
                double passedOn = siluError * up.magnitude(row, i) + Math.abs(silu) * up.errors[row][i];
                double magnitude = (Math.abs(silu) + siluError) * up.magnitude(row, i);
                result.set(row, i, silu * up.values[row][i], passedOn + gamma(6) * magnitude);
            }
        }
        return result;
    }

    /** x/2·(1 + tanh(√(2/π)(x + 0.044715·x³))). Roundings: five in the exponent, then five more. */
    static BoundedMatrix gelu(BoundedMatrix x) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double value = x.values[row][i];
                double gelu = value / 2 * (1 + Math.tanh(argument(value)));
                double passedOn = GELU_SLOPE * x.errors[row][i];
                double exponent = 2 * Math.abs(argument(x.magnitude(row, i)));
                double relative = Math.expm1(exponent * gamma(5)) + gamma(5);
                result.set(row, i, gelu, passedOn + relative * (Math.abs(gelu) + passedOn));
            }
        }
        return result;
    }

    private static double argument(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }
}
