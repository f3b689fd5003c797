package dev.flopscope.schema;

import org.jspecify.annotations.Nullable;

/**
 * A rate that the machine reached, which is also a row of {@code hardware}'s CSV.
 *
 * @param threads how many threads reached it together
 * @param ceiling what was done: {@code product}, {@code multiply-adds}, {@code read}, {@code write} or {@code triad}
 * @param shapeClass of a product
 * @param m of a product, rows of the result
 * @param k of a product, the extent summed over
 * @param n of a product, columns of the result
 * @param flopsPerByte of a product, by its compulsory traffic
 * @param unit of median and best: {@code GFLOP/s} or {@code GB/s}
 * @param median of the samples
 * @param best of the samples
 * @param samples how many
 * @param steady whether the rate had stopped growing before
 */
public record CeilingRecord(
        int threads,
        String ceiling,
        @Nullable String shapeClass,
        @Nullable Long m,
        @Nullable Long k,
        @Nullable Long n,
        @Nullable Double flopsPerByte,
        String unit,
        double median,
        double best,
        int samples,
        boolean steady) {
    /** The lines that nothing is above, and what reached each. */
    public record Roofline(
            int threads,
            double gflopsPerSecond,
            String gflopsReachedBy,
            long bytesPerSecond,
            String bytesReachedBy,
            double balanceFlopsPerByte,
            long arrayBytes) {}
}
