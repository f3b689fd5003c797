package dev.flopscope.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Clock;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** What is told of a device that works while the host goes on: everything, once moments can be read, and batches as many. */
class DeferredClockTest {
    private static final MatmulSite SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 2);

    private final Told told = new Told();
    private final FlopTally tally = new FlopTally();
    private final MarkingClock clock = new MarkingClock();

    /** Marks are numbers; what lies between two of them took 1,000 ns. */
    private static final class MarkingClock implements Clock {
        private long marks;

        @Override
        public long now() {
            return marks++;
        }

        @Override
        public boolean isDeferred() {
            return true;
        }

        @Override
        public LongUnaryOperator settle() {
            return moment -> 5 + 1000 * moment;
        }
    }

    private record Extents(long rows, long columns, long batch) implements Tensor {}

    private static final class Nothing implements Products {
        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            // The extents are all that is looked at.
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            // The extents are all that is looked at.
        }
    }

    private Interceptor around() {
        return new Interceptor(new Nothing(), clock, tally, told);
    }

    @Test
    void theTimelineIsToldWhenMomentsCanBeReadAndNotBefore() {
        Interceptor context = around();
        context.scope(Scope.LAYER, 2, () -> {
            context.operator(Operator.NORM, 2, () -> {});
            context.parallel(1, () -> {});
        });
        assertThat(told.events).isEmpty();

        LongUnaryOperator times = context.settle();

        assertThat(told.events)
                .containsExactly("norm 2 1005-2005", "1 threads from 3005", "joined 4005", "layer 2 5-5005");
        assertThat(times.applyAsLong(7)).isEqualTo(7005);
        context.settle();
        assertThat(told.events).hasSize(4);
    }

    @Test
    void aBatchIsCountedAsSoManyProductsAndToldOnce() {
        Interceptor context = around();
        context.products()
                .multiply(
                        SCORES,
                        new Extents(4, 8, 3),
                        new Extents(5, 8, 3),
                        Products.Right.TRANSPOSED,
                        new Extents(4, 5, 3));

        assertThat(tally.snapshot())
                .containsExactly(Map.entry(SCORES, new SiteCount(Map.of(new MatmulShape(4, 8, 5), 3L))));
        context.settle();
        assertThat(told.events).containsExactly("layers.2.attn_scores 4×8×5 5-1005");
    }

    @Test
    void workIsTimedFromMarkToMark() {
        assertThat(clock.nanoseconds(() -> clock.marks += 3)).isEqualTo(4000);
    }
}
