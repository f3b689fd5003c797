package dev.flopscope.observe;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import org.jspecify.annotations.Nullable;

/** Begins events of JDK Flight Recorder; an event goes around what is timed, so that writing it is no part of a span. */
interface FlightEvents {
    /** An event of a product that begins now; null while nobody records. */
    @Nullable
    ProductSpan product();

    /** An event of an operator that begins now; null while nobody records. */
    @Nullable
    OperatorSpan operator();

    /** An event of a product. */
    interface ProductSpan {
        /** {@code batch} products of {@code shape} ended at {@code site}: the event is written if a recording wants it. */
        void ended(MatmulSite site, MatmulShape shape, long batch);
    }

    /** An event of an operator. */
    interface OperatorSpan {
        /** The operator ended: the event is written if a recording wants it. */
        void ended(Operator operator, int layer);
    }

    /** Makes no events. */
    record None() implements FlightEvents {
        @Override
        public @Nullable ProductSpan product() {
            return null;
        }

        @Override
        public @Nullable OperatorSpan operator() {
            return null;
        }
    }
}
