package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One phase: what is known of it before it runs, what one repetition gave, and what the repetitions of a profile show.
 *
 * @param queries new tokens of each sequence in one step
 * @param past cached tokens of each sequence before the first step
 * @param steps forward passes
 * @param tokens new tokens of all sequences together
 * @param bytes compulsory traffic of the closed form: each operand of a product read once, its result written once
 * @param bytesCounted the same of what was counted
 * @param weightsBytesPerStep bytes of weights that each step of decoding reads
 * @param sites a row a kind of product
 * @param positions what each decoded position costs, in an account
 */
public record PhaseRecord(
        String phase,
        int queries,
        int past,
        int steps,
        long tokens,
        AccountRecord.Flops flops,
        long bytes,
        @Nullable Long bytesCounted,
        double flopsPerByte,
        @Nullable Long weightsBytesPerStep,
        Components components,
        List<Site> sites,
        List<Position> positions,
        @JsonUnwrapped @Nullable Outcome outcome,
        @JsonUnwrapped @Nullable Repetitions repeated) {

    /** FLOPs by component. */
    public record Components(long attentionProjections, long attentionProducts, long feedForward, long lmHead) {}

    /** All sequences' products at one position, counted from 1. */
    public record Position(int position, long expected, long bytes) {}

    /** Products of one shape. */
    public record Shape(long calls, long m, long k, long n) {}

    /**
     * What one repetition gave; of several, that whose wall time is nearest to the median.
     *
     * @param stepsBetween the operators between products
     * @param tokenSeconds of each decoded token; of several repetitions, the median
     * @param ids the decoded tokens of each sequence
     * @param text what they say, if the prompt was text
     */
    public record Outcome(
            @Nullable Boolean agrees,
            @Nullable Integer sitesChecked,
            List<String> disagreements,
            List<Step> stepsBetween,
            @Nullable Seconds seconds,
            @Nullable Double gflopsPerSecond,
            @Nullable Double tokensPerSecond,
            @Nullable Long bytesPerSecond,
            List<Double> tokenSeconds,
            @Nullable Boolean fromCaches,
            @Nullable Boolean aboveCeiling,
            List<List<Integer>> ids,
            @Nullable String text) {}

    /** Where the wall time of one repetition went: wall = matmul + other, and waiting and unexplained are parts of other. */
    public record Seconds(double wall, double matmul, double other, double waiting, double unexplained) {
        /** Checks the wall time. */
        public Seconds {
            Json.requireSeconds("wall", wall);
        }
    }

    /** An operator between products. */
    public record Step(String name, double seconds, List<Double> samples) {
        /** Checks the times. */
        public Step {
            Json.requireSeconds("seconds", seconds);
            samples.forEach(sample -> Json.requireSeconds("samples", sample));
        }
    }

    /** What every repetition took, in seconds, and what products and layers took in them. */
    public record Repetitions(
            @Nullable Integer repetitions,
            @Nullable WarmUp warmUp,
            List<Double> wallSamples,
            @Nullable Double interquartileRangeSeconds,
            List<Double> waitingSamples,
            List<Double> unexplainedSamples,
            List<Double> garbageCollectionSamples,
            List<List<Double>> tokenSamples,
            List<Site> bySite,
            List<Site> layers,
            @Nullable Node tree,
            List<String> measurementErrors) {
        /** Checks the times. */
        public Repetitions {
            wallSamples.forEach(sample -> Json.requireSeconds("wall_samples", sample));
        }
    }

    /** The repetitions before those that were measured, and by what rule they were enough. */
    public record WarmUp(int passes, boolean steady, String method, List<Double> samples) {}

    /** The repetition that {@code seconds} is of, broken down to what adds up to it exactly. */
    public record Node(String name, long nanoseconds, long counted, List<Node> parts) {}

    /**
     * Products taken together: of a kind, of a site (with its layer), or of a layer.
     *
     * @param product their name, in a row of CSV
     * @param layers layers that have the kind
     * @param calls products by closed form; {@code callsCounted} were counted
     * @param m the largest shape, with {@code k} and {@code n}
     * @param shapes all shapes, where they differ
     * @param expected FLOPs by closed form; {@code counted} were counted
     * @param stepsSeconds of a layer, what is between its products
     */
    public record Site(
            @Nullable String product,
            @Nullable String kind,
            @Nullable Integer layer,
            @Nullable Integer expert,
            @Nullable Integer layers,
            @Nullable Long calls,
            @Nullable Long callsCounted,
            @Nullable Long m,
            @Nullable Long k,
            @Nullable Long n,
            List<Shape> shapes,
            @Nullable Long expected,
            @Nullable Long counted,
            @Nullable Long bytes,
            @Nullable Double shareOfFlops,
            @Nullable Double stepsSeconds,
            @JsonUnwrapped @Nullable Figures figures) {}

    /** Times of products, and of a profile what ceilings say of them. */
    public record Figures(
            @Nullable Double seconds,
            @Nullable Double gflopsPerSecond,
            @Nullable Double shareOfTime,
            @Nullable Double interquartileRangeSeconds,
            List<Double> samples,
            @Nullable Long bytesPerSecond,
            @Nullable Double intensity,
            @Nullable Double rooflineGflopsPerSecond,
            @Nullable Double shareOfRoofline,
            @Nullable String bound,
            List<String> shapeClasses,
            @Nullable Double ceilingGflopsPerSecond,
            @Nullable Double bestCeilingGflopsPerSecond,
            @Nullable Double excessSeconds,
            @Nullable Boolean aboveCeiling) {
        /** Checks the times. */
        public Figures {
            Json.requireSeconds("seconds", seconds == null ? 0 : seconds);
            samples.forEach(sample -> Json.requireSeconds("samples", sample));
        }

        /** Of one repetition. */
        public static Figures once(double seconds, double gflopsPerSecond, double shareOfTime) {
            return new Figures(
                    seconds,
                    gflopsPerSecond,
                    shareOfTime,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    null);
        }
    }
}
