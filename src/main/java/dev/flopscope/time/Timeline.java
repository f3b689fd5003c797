package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.List;

/**
 * Is told of every span of work in a pass when it has ended, on the thread that did it.
 *
 * <p>Products and operators on one thread follow each other and never overlap; scopes hold them. Moments are nanoseconds of
 * the backend's clock. Nothing is told of a span that threw. Implementations are called from several threads at once between
 * {@link #parallel} and {@link #joined}, and must be quick: what they take is part of the pass.
 */
public interface Timeline {
    /**
     * A product ended, or a batch of products that one call of a library computed.
     *
     * @param site where in the model it was
     * @param shape the extents of each product, read from its operands
     * @param batch how many products, at least 1
     * @param startNanoseconds when it began
     * @param endNanoseconds when it ended
     */
    void multiplied(MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds);

    /**
     * Something between products ended. Outside parallel work it used all threads.
     *
     * @param operator what
     * @param layer in which layer; {@link MatmulSite#NO_LAYER} outside them
     * @param startNanoseconds when it began
     * @param endNanoseconds when it ended
     */
    void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds);

    /**
     * From now on {@code threads} threads work in parallel, each on spans of its own. This is told on the thread that began
     * it; parallel work does not nest.
     *
     * @param threads how many, the calling one included
     * @param startNanoseconds when it began
     */
    default void parallel(int threads, long startNanoseconds) {}

    /**
     * The threads that worked in parallel have all ended, and their spans have been told. This is told on the thread that
     * began it, also if the work threw.
     *
     * @param endNanoseconds when the last ended
     */
    default void joined(long endNanoseconds) {}

    /**
     * A scope of a pass ended, after everything that it holds was told. Scopes nest, and are told on the thread that runs the
     * pass.
     *
     * @param scope which
     * @param layer in which layer; {@link MatmulSite#NO_LAYER} outside them
     * @param startNanoseconds when it began
     * @param endNanoseconds when it ended
     */
    default void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {}

    /**
     * Says whether the passes from now on are measured or warm-up. This is told between passes; until it is told, passes are
     * measured.
     *
     * @param measured whether they are measured
     */
    default void measuring(boolean measured) {}

    /** A timeline that listens to nothing. */
    static Timeline none() {
        return SeveralTimelines.NONE;
    }

    /** A timeline that tells each of {@code timelines}, in their order. */
    static Timeline all(List<Timeline> timelines) {
        return timelines.size() == 1 ? timelines.get(0) : new SeveralTimelines(timelines);
    }
}
