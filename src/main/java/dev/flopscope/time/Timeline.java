package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.List;

/**
 * Told of every span of work in a pass when it has ended, on the thread that did it.
 *
 * <p>Products and steps on one thread follow each other and never overlap; parts hold them. Moments are those of {@link System#nanoTime()}. A span that
 * threw is not told. Implementations are called from several threads at once between {@link #sideBySide} and {@link
 * #together}, and must be quick: what they take is part of the pass.
 */
public interface Timeline {
    /**
     * A product ended.
     *
     * @param site where in the model it was
     * @param shape the extents read from its operands
     * @param startNanoseconds when it began
     * @param endNanoseconds when it ended
     */
    void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds);

    /**
     * Something between products ended. Outside work side by side it used all threads.
     *
     * @param step what
     * @param layer in which layer; {@link MatmulSite#NO_LAYER} outside them
     * @param startNanoseconds when it began
     * @param endNanoseconds when it ended
     */
    void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds);

    /**
     * From now on {@code threads} threads work side by side, each on spans of its own. Told on the thread that began it; no
     * such stretch begins inside another.
     *
     * @param threads how many, the calling one included
     * @param startNanoseconds when it began
     */
    default void sideBySide(int threads, long startNanoseconds) {}

    /**
     * The threads that worked side by side have all ended, and their spans have been told. Told on the thread that began
     * it, also if the work threw.
     *
     * @param endNanoseconds when the last ended
     */
    default void together(long endNanoseconds) {}

    /**
     * A part of a pass ended, after everything that it holds was told. Parts nest, and are told on the thread that runs the
     * pass.
     *
     * @param part which
     * @param layer in which layer; {@link MatmulSite#NO_LAYER} outside them
     * @param startNanoseconds when it began
     * @param endNanoseconds when it ended
     */
    default void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {}

    /** Warm-up is over: the passes from now on are the measured ones. Told between passes. */
    default void measuring() {}

    /** Does {@code work} and tells of it as a part that holds what it tells. */
    default void enclose(Part part, int layer, Runnable work) {
        long start = System.nanoTime();
        work.run();
        enclosed(part, layer, start, System.nanoTime());
    }

    /** Does {@code work} and tells of it as a step. */
    default void time(Step step, int layer, Runnable work) {
        long start = System.nanoTime();
        work.run();
        stepped(step, layer, start, System.nanoTime());
    }

    /** Listens to nothing. */
    static Timeline none() {
        return SeveralTimelines.NONE;
    }

    /** Tells each of {@code timelines}, in their order. */
    static Timeline all(List<Timeline> timelines) {
        return timelines.size() == 1 ? timelines.get(0) : new SeveralTimelines(timelines);
    }
}
