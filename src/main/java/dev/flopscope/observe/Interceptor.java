package dev.flopscope.observe;

import dev.flopscope.backend.Clock;
import dev.flopscope.backend.Clock.Transfer;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulListener;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.DeferredTimeline;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.time.Timeline;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets a product happen, then reads the extents of its operands and tells the tally, the timeline and JDK Flight Recorder of
 * it; and so with operators, scopes and parallel work, which have no extents.
 *
 * <p>Nothing is told of work that throws. The end of a span is taken before anyone is told of it, so that a slow listener makes
 * the pass longer, as time that no name explains, and never a product. A listener that throws stops the pass: what it keeps
 * could no longer be trusted. The failure names the site, the operator, the scope, or parallel work; a flight recorder that
 * fails does the same.
 *
 * <p>Where the clock is a device's, the timeline is told by {@link #settle}, when moments can be read. Flight Recorder's
 * events then say when the host asked for the work, and not when the device did it.
 */
public final class Interceptor implements ExecutionContext {
    private static final String PARALLEL = "parallel work";

    private final Products products;
    private final Clock clock;
    private final MatmulListener tally;
    private final Timeline timeline;
    private final Optional<DeferredTimeline> deferred;
    private final FlightEvents events;
    private final Products observed = new ObservedProducts();

    /**
     * Tells of what {@code products} do.
     *
     * @param products a backend's products
     * @param clock the same backend's clock
     * @param tally told of every product
     * @param timeline told of every span
     */
    public Interceptor(Products products, Clock clock, MatmulListener tally, Timeline timeline) {
        this(products, clock, tally, timeline, FlightRecorderSupport.events());
    }

    private Interceptor(Products products, Clock clock, MatmulListener tally, Timeline timeline, FlightEvents events) {
        this.products = products;
        this.clock = clock;
        this.tally = tally;
        this.deferred = clock.isDeferred() ? Optional.of(new DeferredTimeline(timeline)) : Optional.empty();
        this.timeline = deferred.<Timeline>map(kept -> kept).orElse(timeline);
        this.events = events;
    }

    /** The same, but Flight Recorder is told nothing: for a rehearsal, which is no pass, and which nobody settles. */
    public static Interceptor unrecorded(Products products, Clock clock, MatmulListener tally, Timeline timeline) {
        return new Interceptor(
                products, clock, tally, clock.isDeferred() ? Timeline.none() : timeline, new FlightEvents.None());
    }

    /**
     * Waits for all work, and tells the timeline of what it could not be told before.
     *
     * @return says of a moment of the clock that was taken since the last call when it was, in nanoseconds
     */
    public LongUnaryOperator settle() {
        LongUnaryOperator times = clock.settle();
        deferred.ifPresent(kept -> kept.settle(times));
        return times;
    }

    @Override
    public Products products() {
        return observed;
    }

    @Override
    public void operator(Operator operator, int layer, Runnable work) {
        FlightEvents.@Nullable OperatorSpan event = events.operator();
        long start = clock.now();
        work.run();
        long end = clock.now();
        tell(operator.label(), () -> {
            if (event != null) {
                event.ended(operator, layer);
            }
            tellInPieces(operator, layer, start, end);
        });
    }

    /** Copies between host and device within an operator are spans of their own. */
    private void tellInPieces(Operator operator, int layer, long start, long end) {
        long from = start;
        for (Transfer copy : clock.transfers()) {
            if (copy.start() != from) {
                timeline.operated(operator, layer, from, copy.start());
            }
            timeline.operated(Operator.TRANSFER, layer, copy.start(), copy.end());
            from = copy.end();
        }
        if (from == start || from != end) {
            timeline.operated(operator, layer, from, end);
        }
    }

    @Override
    public void scope(Scope scope, int layer, Runnable work) {
        long start = clock.now();
        work.run();
        long end = clock.now();
        tell(scope.label(), () -> timeline.enclosed(scope, layer, start, end));
    }

    @Override
    public void parallel(int threads, Runnable work) {
        long start = clock.now();
        tell(PARALLEL, () -> timeline.parallel(threads, start));
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            joinedAfter(e);
            throw e;
        }
        joined();
    }

    private void joined() {
        long end = clock.now();
        tell(PARALLEL, () -> timeline.joined(end));
    }

    /** The timeline is told that threads joined after work that failed too; a listener that fails then hides nothing. */
    private void joinedAfter(Throwable failure) {
        try {
            joined();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static void tell(Object where, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            throw new IllegalStateException("a listener failed at " + where + ": " + e.getMessage(), e);
        }
    }

    /** The products of the backend, observed. */
    private final class ObservedProducts implements Products {
        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            FlightEvents.@Nullable ProductSpan event = events.product();
            long start = clock.now();
            products.multiply(site, left, right, rightIs, result);
            tell(event, site, left, result, start);
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            FlightEvents.@Nullable ProductSpan event = events.product();
            long start = clock.now();
            products.project(site, left, weight, result);
            tell(event, site, left, result, start);
        }

        /** The inner extent is read from the left operand and the outer ones from the result, which is what was filled. */
        private void tell(
                FlightEvents.@Nullable ProductSpan event, MatmulSite site, Tensor left, Tensor result, long start) {
            long end = clock.now();
            MatmulShape shape = new MatmulShape(result.rows(), left.columns(), result.columns());
            Interceptor.tell(site, () -> {
                if (event != null) {
                    event.ended(site, shape, result.batch());
                }
                tally.multiplied(site, shape, result.batch());
                timeline.multiplied(site, shape, result.batch(), start, end);
            });
        }
    }
}
