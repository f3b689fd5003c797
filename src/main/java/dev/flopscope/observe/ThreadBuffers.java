package dev.flopscope.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Arrays that a thread uses for one product after the other: to make them anew for each would take longer than some of the sums that
 * are made in them, and the garbage would be collected within the pass.
 *
 * @param <B> the arrays for rows of one width
 */
final class ThreadBuffers<B> {
    private final ThreadLocal<Map<Integer, B>> ofThread = ThreadLocal.withInitial(HashMap::new);
    private final IntFunction<B> maker;

    /** Makes none yet; {@code maker} is given a width. */
    ThreadBuffers(IntFunction<B> maker) {
        this.maker = maker;
    }

    /** This thread's own for rows of that width, as it left them. */
    B of(int width) {
        return ofThread.get().computeIfAbsent(width, maker::apply);
    }
}
