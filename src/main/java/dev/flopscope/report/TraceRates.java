package dev.flopscope.report;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Part;
import dev.flopscope.time.Recording;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;

/**
 * GFLOP/s of all threads together over the time of a recording, in intervals of one length: a product's FLOPs are spread
 * evenly over its time.
 */
final class TraceRates {
    private static final int MOST_INTERVALS = 2000;
    private static final long SHORTEST_NANOSECONDS = 1000;

    private final long origin;
    private final long length;
    private final double[] flops;

    private TraceRates(long origin, long end) {
        this.origin = origin;
        this.length = Math.max(SHORTEST_NANOSECONDS, (end - origin) / MOST_INTERVALS + 1);
        this.flops = new double[Math.toIntExact((end - origin) / length + 1)];
    }

    /** Told of moments and the rate from each on. */
    @FunctionalInterface
    interface Listener {
        /** From {@code nanoseconds} on it was {@code gflopsPerSecond}. */
        void rate(long nanoseconds, double gflopsPerSecond);
    }

    static TraceRates of(Recording recording) {
        Extent extent = new Extent();
        recording.replay(extent);
        TraceRates rates =
                extent.first > extent.last ? new TraceRates(0, 0) : new TraceRates(extent.first, extent.last);
        recording.replay(rates.new Spread());
        return rates;
    }

    /** When the first span began, in nanoseconds. */
    long origin() {
        return origin;
    }

    /** Tells of each interval, and of 0 after the last. */
    void tell(Listener listener) {
        for (int interval = 0; interval < flops.length; interval++) {
            listener.rate(origin + interval * length, flops[interval] / length);
        }
        listener.rate(origin + flops.length * length, 0);
    }

    private void spread(double product, long start, long end) {
        if (start == end) {
            flops[interval(start)] += product;
            return;
        }
        double perNanosecond = product / (end - start);
        for (int interval = interval(start); interval <= interval(end); interval++) {
            long from = Math.max(start, origin + interval * length);
            long to = Math.min(end, origin + (interval + 1) * length);
            flops[interval] += perNanosecond * (to - from);
        }
    }

    private int interval(long nanoseconds) {
        return (int) ((nanoseconds - origin) / length);
    }

    /** From when to when spans go. */
    private static final class Extent implements Timeline {
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        @Override
        public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
            include(startNanoseconds, endNanoseconds);
        }

        @Override
        public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
            include(startNanoseconds, endNanoseconds);
        }

        @Override
        public void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {
            include(startNanoseconds, endNanoseconds);
        }

        private void include(long start, long end) {
            first = Math.min(first, start);
            last = Math.max(last, end);
        }
    }

    /** Adds up products. */
    private final class Spread implements Timeline {
        @Override
        public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
            spread((double) shape.flops(), startNanoseconds, endNanoseconds);
        }

        @Override
        public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
            // What is between products has no FLOPs.
        }
    }
}
