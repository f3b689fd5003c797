package dev.flopscope.time;

import java.util.concurrent.atomic.AtomicInteger;

/** How many spans may still be kept, shared by all threads and handed out by the thousand, so that no span waits for it. */
final class SpanBudget {
    private static final int MOST_AT_ONCE = 4096;

    private final AtomicInteger left;

    SpanBudget(int most) {
        this.left = new AtomicInteger(most);
    }

    /** Takes a share for some spans; it is 0 if none is left. */
    int take() {
        int before = left.getAndUpdate(spans -> spans - Math.min(spans, MOST_AT_ONCE));
        return Math.min(before, MOST_AT_ONCE);
    }
}
