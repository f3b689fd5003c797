package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps the spans of the measured passes, thread by thread, up to a bound on memory. Past it, spans are counted and left
 * out; parts are always kept.
 */
public final class SpanRecorder implements Timeline {
    /** 28 MB in memory, and some 200 MB as JSON: what viewers still open. */
    public static final int MOST_SPANS = 1_000_000;

    private final Room room;
    private final Queue<Spans> threads = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Spans> own = ThreadLocal.withInitial(this::register);

    /** Keeps up to {@link #MOST_SPANS} products and steps. */
    public SpanRecorder() {
        this(MOST_SPANS);
    }

    /**
     * Keeps up to {@code mostSpans} products and steps. What a thread has taken room for and not used counts as kept: up to
     * 4,096 a thread.
     */
    public SpanRecorder(int mostSpans) {
        this.room = new Room(mostSpans);
    }

    private Spans register() {
        Spans spans = new Spans(Thread.currentThread().getName());
        threads.add(spans);
        return spans;
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
        own.get().product(site, shape, startNanoseconds, endNanoseconds, room);
    }

    @Override
    public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
        own.get().step(step, layer, startNanoseconds, endNanoseconds, room);
    }

    @Override
    public void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {
        own.get().part(part, layer, startNanoseconds, endNanoseconds);
    }

    /** Forgets what it was told: that was warm-up. */
    @Override
    public void measuring() {
        threads.forEach(Spans::clear);
        room.clear();
    }

    /** What was told since passes are measured. For the thread that runs the passes, when none is under way. */
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
