package dev.flopscope.profile;

import dev.flopscope.time.Times;
import java.util.List;

/**
 * A phase, measured once.
 *
 * @param times where its time went
 * @param stepNanoseconds wall time of each forward pass, a chunk or a token each; of a decoded token with the choice of the next
 * @param garbageCollectionNanoseconds what Java's collectors said they took meanwhile, to the millisecond. It is no part of
 *     the sum: a pause lies inside whatever was under way, and a collector may work beside the pass
 */
public record Repetition(Times times, List<Long> stepNanoseconds, long garbageCollectionNanoseconds) {
    /** Keeps a copy. */
    public Repetition {
        stepNanoseconds = List.copyOf(stepNanoseconds);
    }

    /** Wall time of all forward passes. */
    public long wallNanoseconds() {
        return stepNanoseconds.stream().mapToLong(Long::longValue).sum();
    }

    /** Wall time that is neither in a product, nor in an operator, nor waiting. */
    public long unexplainedNanoseconds() {
        return wallNanoseconds() - times.explained();
    }

    /** Wall time outside products. */
    public long otherNanoseconds() {
        return wallNanoseconds() - times.allProducts();
    }
}
