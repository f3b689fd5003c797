package dev.flopscope.tensor;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share rows; the calling thread is one of them.
 *
 * <p>Which thread does which row never shows in a result: rows are independent, or seeded one by one.
 */
public final class Workers implements AutoCloseable {
    /** Enough that threads end together, few enough that buffers made for a chunk do not matter. */
    private static final int CHUNKS_PER_THREAD = 8;

    /**
     * How long a thread without work looks for more before it sleeps: longer than what one thread does alone between two
     * pieces of shared work, shorter than anyone else would miss the core. Waking a sleeper takes some 40 µs, which a pass
     * would wait for some twenty times a layer.
     */
    private static final long SPIN_NANOSECONDS = 50_000;

    private final int threads;
    private final List<Helper> helpers;

    Workers(int threads) {
        this.threads = threads;
        this.helpers = IntStream.range(1, threads).mapToObj(Helper::start).toList();
    }

    /** Work on the rows from {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    public interface RowRange {
        /** Does the rows. */
        void run(long from, long to);
    }

    /** One of several independent pieces of work. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does the task.
         *
         * @param worker which of the workers does it, from 0: no two tasks run at once with the same
         * @param task its number, from 0
         */
        void run(int worker, long task);
    }

    /** How many threads share the work. */
    public int threads() {
        return threads;
    }

    /**
     * Runs {@code work} over {@code rows} rows and waits. Threads take chunks of rows as they get free, because rows may
     * differ in cost: those of a causal softmax grow.
     *
     * @throws RuntimeException if {@code work} threw, after every thread has stopped
     */
    public void forRows(long rows, RowRange work) {
        long chunk = Math.max(1, rows / ((long) threads * CHUNKS_PER_THREAD));
        long chunks = (rows + chunk - 1) / chunk;
        forTasks(chunks, (worker, task) -> work.run(task * chunk, Math.min(rows, (task + 1) * chunk)));
    }

    /**
     * Runs {@code tasks} tasks and waits. Threads take one after the other as they get free, the last first: where tasks
     * differ in cost, as tiles under a causal mask do, the cheap ones then even out who ends when. After a failure the
     * tasks that nobody has begun are left out. Not to be called from within a task.
     *
     * @throws RuntimeException if {@code work} threw, after every thread has stopped
     */
    public synchronized void forTasks(long tasks, Task work) {
        if (tasks < 1) {
            return;
        }
        SharedWork shared = new SharedWork(tasks, work);
        if (tasks > 1) {
            helpers.stream().limit(tasks - 1).forEach(helper -> helper.take(shared));
        }
        shared.share(0);
        shared.await(SPIN_NANOSECONDS);
    }

    @Override
    public void close() {
        helpers.forEach(Helper::close);
    }

    /** A thread that waits for work, awake for a moment and then asleep. */
    private static final class Helper implements Runnable {
        private final int number;
        private final Thread thread;
        /** What came last; the helper itself knows whether it has seen it. */
        private volatile @Nullable SharedWork latest;

        private volatile boolean asleep;
        private volatile boolean closed;

        Helper(int number) {
            this.number = number;
            this.thread = new Thread(this, "flopscope-worker-" + number);
            thread.setDaemon(true);
        }

        static Helper start(int number) {
            Helper helper = new Helper(number);
            helper.thread.start();
            return helper;
        }

        void take(SharedWork shared) {
            latest = shared;
            wake();
        }

        void close() {
            closed = true;
            wake();
        }

        private void wake() {
            if (asleep) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            SharedWork seen = null;
            while (!closed) {
                SharedWork next = latest;
                if (next != null && next != seen) {
                    next.share(number);
                    seen = next;
                } else {
                    awaitOther(seen);
                }
            }
        }

        private void awaitOther(@Nullable SharedWork seen) {
            long start = System.nanoTime();
            while (latest == seen && !closed) {
                if (System.nanoTime() - start < SPIN_NANOSECONDS) {
                    Thread.onSpinWait();
                } else {
                    asleep = true;
                    if (latest == seen && !closed) {
                        LockSupport.park(this);
                    }
                    asleep = false;
                }
            }
        }
    }
}
