package dev.flopscope.backend;

import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Tells when the work of a backend happens: the host's clock where the host computes, the device's elsewhere.
 *
 * <p>A device works through what it was asked for while the host goes on asking. Its clock therefore puts a mark between two
 * pieces of work when it is asked for a moment, and when the device came to that mark can be read later, by {@link #settle}.
 * Nothing waits in between. On the host's clock a moment is its time already.
 */
@FunctionalInterface
public interface Clock {
    /**
     * A copy between the host's memory and a device's.
     *
     * @param start the moment before it
     * @param end the moment after it
     */
    record Transfer(long start, long end) {}

    /** The moment after all work that was asked for so far. */
    long now();

    /** Whether moments say nothing before {@link #settle}. */
    default boolean isDeferred() {
        return false;
    }

    /**
     * Waits until all work that was asked for is done.
     *
     * @return says of a moment that was taken since the last call when it was, in nanoseconds since some moment; of others it
     *     says nothing true
     */
    default LongUnaryOperator settle() {
        return LongUnaryOperator.identity();
    }

    /** The copies between host and device since this or {@link #settle} was asked last, in order; none where the host computes. */
    default List<Transfer> transfers() {
        return List.of();
    }

    /** Does {@code work}, waits for it and for what was asked for before, and says how many nanoseconds the work itself took. */
    default long nanoseconds(Runnable work) {
        settle();
        long start = now();
        work.run();
        long end = now();
        LongUnaryOperator times = settle();
        return times.applyAsLong(end) - times.applyAsLong(start);
    }
}
