package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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
     * @param preparationSeconds making ready, before the first pass, what the phase needs and is made once
     * @param stepsBetween the operators between products
     * @param tokenSeconds of each decoded token; of several repetitions, the median
     * @param ids the decoded tokens of each sequence
     * @param text what they say, if the prompt was text
     */
    public record Outcome(
            @Nullable Boolean agrees,
            @Nullable Integer sitesChecked,
            List<String> disagreements,
            @Nullable Double preparationSeconds,
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
            @JsonUnwrapped @Nullable Figures figures) {
        /** Adds {@code sites} up, under the name {@code name}: calls, FLOPs, bytes, shares and times. */
        public static Site sum(String name, List<Site> sites) {
            boolean timed = sites.stream().allMatch(site -> site.figures() != null);
            return new Site(
                    name,
                    name,
                    null,
                    null,
                    null,
                    sum(sites, Site::calls),
                    sum(sites, Site::callsCounted),
                    null,
                    null,
                    null,
                    List.of(),
                    sum(sites, Site::expected),
                    sum(sites, Site::counted),
                    sum(sites, Site::bytes),
                    total(sites, Site::shareOfFlops),
                    null,
                    timed ? Figures.sum(sites) : null);
        }

        static @Nullable Long sum(List<Site> sites, Function<Site, @Nullable Long> number) {
            return sites.stream()
                    .map(number)
                    .filter(Objects::nonNull)
                    .reduce(Math::addExact)
                    .orElse(null);
        }
    }

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

        /** The figures of all of {@code sites} together; a rate is all FLOPs over the time that they need at their own rates. */
        static Figures sum(List<Site> sites) {
            @Nullable Double seconds = total(sites, site -> of(site, Figures::seconds));
            @Nullable Long bytes = Site.sum(sites, Site::bytes);
            @Nullable Long counted = Site.sum(sites, Site::counted);
            @Nullable Double reached = rate(sites, Figures::gflopsPerSecond);
            @Nullable Double roofline = rate(sites, Figures::rooflineGflopsPerSecond);
            return new Figures(
                    seconds,
                    reached,
                    total(sites, site -> of(site, Figures::shareOfTime)),
                    null,
                    List.of(),
                    bytes == null || seconds == null || seconds == 0 ? null : Math.round(bytes / seconds),
                    counted == null || bytes == null ? null : (double) counted / bytes,
                    roofline,
                    reached == null || roofline == null ? null : reached / roofline,
                    null,
                    sites.stream()
                            .flatMap(site -> Objects.requireNonNull(site.figures()).shapeClasses().stream())
                            .distinct()
                            .toList(),
                    rate(sites, Figures::ceilingGflopsPerSecond),
                    rate(sites, Figures::bestCeilingGflopsPerSecond),
                    total(sites, site -> of(site, Figures::excessSeconds)),
                    null);
        }

        private static @Nullable Double of(Site site, Function<Figures, @Nullable Double> figure) {
            return figure.apply(Objects.requireNonNull(site.figures()));
        }

        private static @Nullable Double rate(List<Site> sites, Function<Figures, @Nullable Double> rate) {
            double seconds = 0;
            double flops = 0;
            for (Site site : sites) {
                @Nullable Double one = of(site, rate);
                if (one == null || site.counted() == null) {
                    return null;
                }
                flops += site.counted();
                seconds += site.counted() / one;
            }
            return flops / seconds;
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

    private static <T> @Nullable Double total(List<T> all, Function<T, @Nullable Double> number) {
        return all.stream()
                .map(number)
                .filter(Objects::nonNull)
                .reduce(Double::sum)
                .orElse(null);
    }
}
