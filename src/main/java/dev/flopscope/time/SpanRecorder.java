package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps the spans of the measured passes, thread by thread, up to a bound on memory. Past it, spans are counted and left
 * out; scopes are always kept.
 */
public final class SpanRecorder implements Timeline {
    /** 28 MB in memory, and some 200 MB as JSON: what viewers still open. */
    public static final int MOST_SPANS = 1_000_000;

    private final SpanBudget budget;
    private final Queue<Spans> threads = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Spans> own = ThreadLocal.withInitial(this::register);
    private volatile boolean recording = true;

    /** Keeps up to {@link #MOST_SPANS} products and operators. */
    public SpanRecorder() {
        this(MOST_SPANS);
    }

    /**
     * Keeps up to {@code mostSpans} products and operators. What a thread has taken of the budget and not used counts as kept: up to
     * 4,096 a thread.
     */
    public SpanRecorder(int mostSpans) {
        this.budget = new SpanBudget(mostSpans);
    }

    private Spans register() {
        Spans spans = new Spans(Thread.currentThread().getName());
        threads.add(spans);
        return spans;
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
        if (recording) {
            own.get().product(site, shape, batch, startNanoseconds, endNanoseconds, budget);
        }
    }

    @Override
    public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
        if (recording) {
            own.get().operator(operator, layer, startNanoseconds, endNanoseconds, budget);
        }
    }

    @Override
    public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
        if (recording) {
            own.get().scope(scope, layer, startNanoseconds, endNanoseconds);
        }
    }

    @Override
    public void measuring(boolean measured) {
        recording = measured;
    }

    /** What was told of measured passes. For the thread that runs the passes, when none is under way. */
    public Recording recording() {
        List<Recording.Lane> lanes = new ArrayList<>();
        long kept = 0;
        long leftOut = 0;
        for (Spans spans : threads) {
            if (!spans.isEmpty()) {
                lanes.add(new Recording.Lane(spans.thread(), spans::replay));
                kept += spans.kept();
                leftOut += spans.leftOut();
            }
        }
        return new Recording(lanes, kept, leftOut);
    }
}
