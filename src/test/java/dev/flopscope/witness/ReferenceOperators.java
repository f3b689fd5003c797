package dev.flopscope.witness;

import static dev.flopscope.Rounding.gamma;

import java.util.Arrays;

/** What happens between products, in float64, with bounds on how far float32 may be off. */
public final class ReferenceOperators {
    /** Steepest slopes of silu (1.0998 at 2.4) and of GELU's tanh form (1.129 at 1.4): what they multiply an error by. */
    private static final double SILU_SLOPE = 1.1;

    private static final double GELU_SLOPE = 1.13;

    private ReferenceOperators() {}

    /** A sum of k products: γₖ·|Â|·|B̂| of its own, and the operands' errors times the other operands. */
    public static double errorOfSum(BoundedMatrix a, int row, BoundedMatrix b, int column) {
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
    public static BoundedMatrix rmsNorm(BoundedMatrix x, double[] gain, double epsilon) {
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

    /** RMSNorm of what is left when the mean is taken away, with a bias. Roundings: D in the mean, one each in its uses. */
    public static BoundedMatrix layerNorm(BoundedMatrix x, double[] gain, double[] bias, double epsilon) {
        BoundedMatrix centred = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            double mean = 0;
            double error = 0;
            for (int i = 0; i < x.columns(); i++) {
                mean += x.values[row][i] / x.columns();
                error += (x.errors[row][i] + gamma(x.columns() + 1) * x.magnitude(row, i)) / x.columns();
            }
            for (int i = 0; i < x.columns(); i++) {
                double value = x.values[row][i] - mean;
                double passedOn = x.errors[row][i] + error;
                centred.set(row, i, value, passedOn + gamma(1) * (Math.abs(value) + passedOn));
            }
        }
        return plusRow(rmsNorm(centred, gain, epsilon), bias);
    }

    /** A vector added to every row. Roundings: one. */
    public static BoundedMatrix plusRow(BoundedMatrix x, double[] row) {
        double[][] rows = new double[x.rows()][];
        Arrays.fill(rows, row);
        return x.plus(BoundedMatrix.exact(rows));
    }

    /** Every element times a number that float32 has. Roundings: one. */
    public static BoundedMatrix scaled(BoundedMatrix x, double factor) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double magnitude = Math.abs(factor) * x.magnitude(row, i);
                result.set(
                        row, i, factor * x.values[row][i], Math.abs(factor) * x.errors[row][i] + gamma(1) * magnitude);
            }
        }
        return result;
    }

    /** Every element x as c·tanh(x/c), whose slope is 1 at most; the approximation may be off by 2⁻²¹·c. */
    public static BoundedMatrix softCapped(BoundedMatrix x, double cap) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                result.set(row, i, cap * Math.tanh(x.values[row][i] / cap), x.errors[row][i] + cap * 0x1p-21);
            }
        }
        return result;
    }

    /** θ^(−2i/d) for each pair i of d columns. */
    public static double[] frequencies(int d, double theta) {
        double[] frequencies = new double[d / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] = 1 / Math.pow(theta, 2.0 * pair / d);
        }
        return frequencies;
    }

    /** The normal distribution's Φ, as the integral of its density from the left by Simpson's rule. */
    public static double normal(double x) {
        int steps = 4000;
        double width = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double at = i * width;
            sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.exp(-at * at / 2);
        }
        return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
    }

    private static double meanSquare(double[] row) {
        double squares = 0;
        for (double value : row) {
            squares += value * value;
        }
        return squares / row.length;
    }

    /**
     * Pairs (i, i + d/2) turned by position·θ^(−2i/d) and scaled. Roundings: a table's entry, two products, a sum.
     *
     * @param tokens rows of a sequence
     * @param past the position of the first of them
     */
    public static BoundedMatrix rotated(BoundedMatrix x, int tokens, int past, int d, double theta, double scale) {
        return rotated(x, tokens, past, d, frequencies(d, theta), scale);
    }

    /** The same by frequencies, which may be fewer than d/2: then the columns behind their pairs are scaled and no more. */
    public static BoundedMatrix rotated(
            BoundedMatrix x, int tokens, int past, int d, double[] frequencies, double scale) {
        int half = frequencies.length;
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                int within = column % d;
                double angle = within >= 2 * half ? 0 : (past + row % tokens) * frequencies[within % half];
                int partner = within >= 2 * half ? column : within < half ? column + half : column - half;
                double sine = scale * (within < half ? -Math.sin(angle) : Math.sin(angle));
                double cosine = scale * Math.cos(angle);
                double value = x.values[row][column] * cosine + x.values[row][partner] * sine;
                double passedOn = x.errors[row][column] * Math.abs(cosine) + x.errors[row][partner] * Math.abs(sine);
                double magnitude =
                        x.magnitude(row, column) * Math.abs(cosine) + x.magnitude(row, partner) * Math.abs(sine);
                result.set(row, column, value, passedOn + gamma(4) * magnitude + 1e-14 * x.magnitude(row, partner));
            }
        }
        return result;
    }

    /**
     * Softmax of scores under the causal mask and a window, of queries that follow {@code past} others. An exponent that is off
     * by η makes its share off by a factor of e^η, and the sum by at most e^(largest η). Roundings: three in an exponent; three
     * in an exponential, above the bar and below; the sum, its reciprocal and a product.
     *
     * @param scores (queries, keys)
     * @param past the position of the first query
     * @param window how many keys a query sees, its own included
     */
    public static BoundedMatrix maskedSoftmax(BoundedMatrix scores, int past, int window) {
        return maskedSoftmax(scores, past, window, Double.NEGATIVE_INFINITY);
    }

    /** The same with one more score in every row, exact and with no share of its own. */
    public static BoundedMatrix maskedSoftmax(BoundedMatrix scores, int past, int window, double sink) {
        BoundedMatrix result = new BoundedMatrix(scores.rows(), scores.columns());
        for (int row = 0; row < scores.rows(); row++) {
            int last = past + row;
            int first = Math.max(0, last - window + 1);
            double top = sink;
            double max = sink;
            double min = sink == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : sink;
            for (int i = first; i <= last; i++) {
                top = Math.max(top, scores.values[row][i]);
                max = Math.max(max, scores.values[row][i] + scores.errors[row][i]);
                min = Math.min(min, scores.values[row][i] - scores.errors[row][i]);
            }
            double largestError = 0;
            double sum = Math.exp(sink - top);
            for (int i = first; i <= last; i++) {
                largestError = Math.max(largestError, scores.errors[row][i]);
                sum += Math.exp(scores.values[row][i] - top);
            }
            double exponentError = largestError + gamma(3) * (max - min);
            double relative = Math.expm1(2 * exponentError + gamma(last - first + 13));
            for (int i = first; i <= last; i++) {
                double share = Math.exp(scores.values[row][i] - top) / sum;
                result.set(row, i, share, share * relative);
            }
        }
        return result;
    }

    /** a·b with the bound of its sums. */
    public static BoundedMatrix product(BoundedMatrix a, BoundedMatrix b) {
        BoundedMatrix product = new BoundedMatrix(a.rows(), b.columns());
        for (int row = 0; row < a.rows(); row++) {
            for (int column = 0; column < b.columns(); column++) {
                double sum = 0;
                for (int inner = 0; inner < a.columns(); inner++) {
                    sum += a.values[row][inner] * b.values[inner][column];
                }
                product.set(row, column, sum, errorOfSum(a, row, b, column));
            }
        }
        return product;
    }

    /** x / (1 + e^(−x)). Roundings: three in the exponential, a sum, a quotient. */
    public static BoundedMatrix silu(BoundedMatrix x) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double silu = x.values[row][i] / (1 + Math.exp(-x.values[row][i]));
                double passedOn = SILU_SLOPE * x.errors[row][i];
                result.set(row, i, silu, passedOn + gamma(5) * (Math.abs(silu) + passedOn));
            }
        }
        return result;
    }

    /** a·b, element by element. Roundings: one. */
    public static BoundedMatrix times(BoundedMatrix a, BoundedMatrix b) {
        BoundedMatrix result = new BoundedMatrix(a.rows(), a.columns());
        for (int row = 0; row < a.rows(); row++) {
            for (int i = 0; i < a.columns(); i++) {
                double passedOn =
                        a.errors[row][i] * b.magnitude(row, i) + Math.abs(a.values[row][i]) * b.errors[row][i];
                double magnitude = a.magnitude(row, i) * b.magnitude(row, i);
                result.set(row, i, a.values[row][i] * b.values[row][i], passedOn + gamma(1) * magnitude);
            }
        }
        return result;
    }

    /** x/2·(1 + tanh(√(2/π)(x + 0.044715·x³))). Roundings: five in the exponent, then five more. */
    public static BoundedMatrix gelu(BoundedMatrix x) {
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

    /** x·Φ(x). Roundings: a few in Φ, a product; its slope is at most 1.13, as that of the tanh form. */
    public static BoundedMatrix exactGelu(BoundedMatrix x) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double gelu = x.values[row][i] * normal(x.values[row][i]);
                double passedOn = GELU_SLOPE * x.errors[row][i];
                result.set(row, i, gelu, passedOn + gamma(5) * (Math.abs(gelu) + passedOn) + 1e-12);
            }
        }
        return result;
    }

    /** x / (1 + e^(−1.702·x)), whose slope is 1.1 at most. Roundings: as {@link #silu}, and two more in the exponent. */
    public static BoundedMatrix quickGelu(BoundedMatrix x) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double exponent = 1.702 * x.values[row][i];
                double gelu = x.values[row][i] / (1 + Math.exp(-exponent));
                double passedOn = SILU_SLOPE * x.errors[row][i];
                double relative = Math.expm1(1.702 * x.magnitude(row, i) * gamma(2)) + gamma(5);
                result.set(row, i, gelu, passedOn + relative * (Math.abs(gelu) + passedOn));
            }
        }
        return result;
    }

    /** Every element within two limits, which float32 has, and then a number added. Roundings: one where a number is. */
    public static BoundedMatrix limited(BoundedMatrix x, double least, double most, double plus) {
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = 0; i < x.columns(); i++) {
                double value = Math.max(least, Math.min(most, x.values[row][i])) + plus;
                double passedOn = x.errors[row][i];
                result.set(row, i, value, passedOn + (plus == 0 ? 0 : gamma(1) * (Math.abs(value) + passedOn)));
            }
        }
        return result;
    }

    private static double argument(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }
}
