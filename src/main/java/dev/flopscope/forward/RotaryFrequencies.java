package dev.flopscope.forward;

import dev.flopscope.config.RotaryConfig;
import dev.flopscope.config.RotaryScaling;
import dev.flopscope.config.RotaryScaling.Dynamic;
import dev.flopscope.config.RotaryScaling.Linear;
import dev.flopscope.config.RotaryScaling.Llama3;
import dev.flopscope.config.RotaryScaling.LongRope;
import dev.flopscope.config.RotaryScaling.Yarn;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The frequency of each pair of columns: θ^(−2i/w) for pair i of w columns that are turned (Su et al. 2021), changed as the
 * scaling says.
 *
 * @param frequencies in radians a position
 * @param amplitude what turned columns are multiplied by
 */
record RotaryFrequencies(List<Double> frequencies, double amplitude) {
    /**
     * Works them out.
     *
     * @param headDim d
     * @param positions the most positions of a run, on which some scalings depend
     */
    static RotaryFrequencies of(RotaryConfig rotary, int headDim, int positions) {
        int width = rotary.width().orElse(headDim);
        RotaryScaling scaling = rotary.scaling();
        double theta = scaling instanceof Dynamic dynamic && positions > dynamic.original()
                ? rotary.theta()
                        * Math.pow(
                                dynamic.factor() * positions / dynamic.original() - (dynamic.factor() - 1),
                                width / (width - 2.0))
                : rotary.theta();
        double[] plain = IntStream.range(0, width / 2)
                .mapToDouble(pair -> Math.pow(theta, -2.0 * pair / width))
                .toArray();
        List<Double> scaled = IntStream.range(0, plain.length)
                .mapToObj(pair -> scaled(plain[pair], pair, width, theta, scaling, positions))
                .toList();
        return new RotaryFrequencies(scaled, amplitude(scaling));
    }

    private static double amplitude(RotaryScaling scaling) {
        if (scaling instanceof Yarn yarn) {
            return yarn.amplitude();
        }
        return scaling instanceof LongRope longRope ? longRope.amplitude() : 1;
    }

    private static double scaled(
            double frequency, int pair, int width, double theta, RotaryScaling scaling, int positions) {
        if (scaling instanceof Linear linear) {
            return frequency / linear.factor();
        }
        if (scaling instanceof Llama3 llama) {
            return blended(frequency, llama);
        }
        if (scaling instanceof Yarn yarn) {
            double divided = ramp(pair, width, theta, yarn);
            return frequency / yarn.factor() * divided + frequency * (1 - divided);
        }
        if (scaling instanceof LongRope rope) {
            return frequency / (positions > rope.original() ? rope.longFactors() : rope.shortFactors()).get(pair);
        }
        return frequency;
    }

    private static double blended(double frequency, Llama3 llama) {
        double turns = llama.original() * frequency / (2 * Math.PI);
        double kept = (turns - llama.lowFrequencyFactor()) / (llama.highFrequencyFactor() - llama.lowFrequencyFactor());
        double share = Math.min(1, Math.max(0, kept));
        return share * frequency + (1 - share) * frequency / llama.factor();
    }

    /** How much of a pair's frequency is divided: 0 for fast ones, 1 for slow ones, and a straight line between them. */
    private static double ramp(int pair, int width, double theta, Yarn yarn) {
        double first = pairOf(yarn.betaFast(), width, theta, yarn);
        double last = pairOf(yarn.betaSlow(), width, theta, yarn);
        if (yarn.truncated()) {
            first = Math.floor(first);
            last = Math.ceil(last);
        }
        first = Math.max(first, 0);
        last = Math.min(last, width - 1.0);
        double length = first == last ? 0.001 : last - first;
        return Math.min(1, Math.max(0, (pair - first) / length));
    }

    /** The pair that turns so often over the length that the model was first trained for. */
    private static double pairOf(double turns, int width, double theta, Yarn yarn) {
        return width * Math.log(yarn.original() / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
