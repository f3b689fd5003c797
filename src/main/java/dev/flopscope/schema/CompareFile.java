package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code compare}.
 *
 * @param workDifferences what makes the two results incomparable
 * @param differences what else differs
 * @param margin relative change that is never called one
 * @param by what the rows are: {@code kind} or {@code site}
 */
public record CompareFile(
        @JsonUnwrapped Envelope envelope,
        Result a,
        Result b,
        boolean comparable,
        List<Difference> workDifferences,
        List<Difference> differences,
        String method,
        double margin,
        double confidence,
        double rowsConfidence,
        String verdict,
        @Nullable Gate failAbove,
        @Nullable Change calibration,
        Change pass,
        String by,
        List<Change> rows) {
    /** One of the two results. */
    public record Result(String file, int repetitions, Map<String, String> work, Map<String, String> environment) {}

    /** A value that the two do not have in common. */
    public record Difference(String key, String a, String b) {}

    /** The slow-down that is not accepted, and what the files say of it: shown, not excluded, or excluded. */
    public record Gate(double limit, String slowDown) {}

    /** One row. */
    public record Change(
            String kind,
            @Nullable Integer layer,
            Series a,
            Series b,
            double timeFactor,
            @Nullable Interval interval,
            @Nullable Double workFactor,
            @Nullable Double rateFactor,
            String verdict) {}

    /** FLOPs that were counted, the median time, and every repetition's. */
    public record Series(@Nullable Long counted, double seconds, List<Double> samples) {}

    /** The bounds of a factor. */
    public record Interval(double low, double high) {}
}
