package dev.flopscope.profile;

import dev.flopscope.time.Times;

/**
 * One measured pass.
 *
 * @param times where its time went
 * @param wallNanoseconds the pass, from the embedding to the last logit
 * @param garbageCollectionNanoseconds what Java's collectors said they took meanwhile, to the millisecond. It is no part of
 *     the sum: a pause lies inside whatever was under way, and a collector may work beside the pass
 */
public record Repetition(Times times, long wallNanoseconds, long garbageCollectionNanoseconds) {
    /** Wall time that is neither in a product, nor in a step, nor waiting. */
    public long unexplainedNanoseconds() {
        return wallNanoseconds - times.explained();
    }

    /** Wall time outside products. */
    public long otherNanoseconds() {
        return wallNanoseconds - times.allProducts();
    }
}
