package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Keeps what it is told, in moments of a clock that can be read only after the work is done, and tells another timeline of it
 * in nanoseconds when it can. For one thread.
 */
public final class DeferredTimeline implements Timeline {
    private final Timeline timeline;
    private final List<Telling> kept = new ArrayList<>();

    /** Something to tell once moments can be read. */
    @FunctionalInterface
    private interface Telling {
        void tell(LongUnaryOperator nanoseconds);
    }

    /** Will tell {@code timeline}. */
    public DeferredTimeline(Timeline timeline) {
        this.timeline = timeline;
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch, long start, long end) {
        kept.add(times -> timeline.multiplied(site, shape, batch, times.applyAsLong(start), times.applyAsLong(end)));
    }

    @Override
    public void operated(Operator operator, int layer, long start, long end) {
        kept.add(times -> timeline.operated(operator, layer, times.applyAsLong(start), times.applyAsLong(end)));
    }

    @Override
    public void parallel(int threads, long start) {
        kept.add(times -> timeline.parallel(threads, times.applyAsLong(start)));
    }

    @Override
    public void joined(long end) {
        kept.add(times -> timeline.joined(times.applyAsLong(end)));
    }

    @Override
    public void enclosed(Scope scope, int layer, long start, long end) {
        kept.add(times -> timeline.enclosed(scope, layer, times.applyAsLong(start), times.applyAsLong(end)));
    }

    @Override
    public void measuring(boolean measured) {
        kept.add(times -> timeline.measuring(measured));
    }

    /**
     * Tells all that was kept, in the order in which it came, and keeps it no longer.
     *
     * @param nanoseconds reads a moment
     */
    public void settle(LongUnaryOperator nanoseconds) {
        kept.forEach(telling -> telling.tell(nanoseconds));
        kept.clear();
    }
}
