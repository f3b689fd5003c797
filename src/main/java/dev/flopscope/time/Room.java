package dev.flopscope.time;

import java.util.concurrent.atomic.AtomicInteger;

/** How many spans may still be kept, shared by all threads and handed out by the thousand, so that no span waits for it. */
final class Room {
    private static final int MOST_AT_ONCE = 4096;

    private final int most;
    private final AtomicInteger left;

    Room(int most) {
        this.most = most;
        this.left = new AtomicInteger(most);
    }

    /** Takes room for some spans; 0 if there is none. */
    int take() {
        int before = left.getAndUpdate(spans -> spans - Math.min(spans, MOST_AT_ONCE));
        return Math.min(before, MOST_AT_ONCE);
    }

    /** Everything that was taken is given back. */
    void clear() {
        left.set(most);
    }
}
