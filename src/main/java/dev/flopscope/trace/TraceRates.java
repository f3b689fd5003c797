package dev.flopscope.trace;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Recording;
import dev.flopscope.time.Scope;
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
    private final long end;
    private final boolean whole;

    private TraceRates(long origin, long end, boolean whole) {
        this.origin = origin;
        this.end = end;
        this.whole = whole;
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
        long[] extent = {Long.MAX_VALUE, Long.MIN_VALUE};
        boolean whole = recording.leftOut() == 0;
        recording.replay(new Spans(whole, (product, start, end) -> {
            extent[0] = Math.min(extent[0], start);
            extent[1] = Math.max(extent[1], end);
        }));
        TraceRates rates =
                extent[0] > extent[1] ? new TraceRates(0, 0, whole) : new TraceRates(extent[0], extent[1], whole);
        recording.replay(new Spans(false, rates::spread));
        return rates;
    }

    /** When the last span that it knows of ended, in nanoseconds. */
    long end() {
        return end;
    }

    /** When the first span began, in nanoseconds. */
    long origin() {
        return origin;
    }

    /**
     * Tells of each interval, and of 0 after the last. Where products were left out, the rate is unknown after the last that was
     * kept: then the intervals end there, and no 0 follows.
     */
    void tell(Listener listener) {
        for (int interval = 0; interval < flops.length; interval++) {
            if (whole || origin + interval * length < end) {
                listener.rate(origin + interval * length, flops[interval] / length);
            }
        }
        if (whole) {
            listener.rate(origin + flops.length * length, 0);
        }
    }

    private void spread(double product, long start, long end) {
        if (start == end) {
            flops[interval(start)] += product;
            return;
        }
        double perNanosecond = product / (end - start);
        for (int interval = interval(start); product > 0 && interval <= interval(end); interval++) {
            long from = Math.max(start, origin + interval * length);
            long to = Math.min(end, origin + (interval + 1) * length);
            flops[interval] += perNanosecond * (to - from);
        }
    }

    private int interval(long nanoseconds) {
        return (int) ((nanoseconds - origin) / length);
    }

    /** Told of a span of work. */
    private interface SpanListener {
        void span(double flops, long start, long end);
    }

    /** Tells {@code listener} of all spans alike, or of all but scopes; what is no product has no FLOPs. */
    private record Spans(boolean scopes, SpanListener listener) implements Timeline {
        @Override
        public void multiplied(
                MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
            listener.span((double) shape.flops() * batch, startNanoseconds, endNanoseconds);
        }

        @Override
        public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
            listener.span(0, startNanoseconds, endNanoseconds);
        }

        @Override
        public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
            if (scopes) {
                listener.span(0, startNanoseconds, endNanoseconds);
            }
        }
    }
}
