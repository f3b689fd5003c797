package dev.flopscope.backend.cpu.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
    private final List<Helper> helpers = new ArrayList<>();
    private volatile boolean busy;

    Workers(int threads) {
        this.threads = threads;
        start();
    }

    private void start() {
        try {
            for (int number = 1; number < threads; number++) {
                helpers.add(Helper.start(number));
            }
        } catch (OutOfMemoryError e) {
            end();
            throw e;
        }
    }

    /** Closes them, and waits until their threads have ended, so that the system counts them no more. */
    private void end() {
        close();
        helpers.forEach(Helper::join);
    }

    /**
     * Finds out whether the system allows {@code threads} more threads, which libraries do not: OpenBLAS goes on with fewer than
     * it was asked for, and ends the process when it waits for the others.
     *
     * @throws OutOfMemoryError if not; none of them is left
     */
    static void requireStartable(int threads) {
        new Workers(threads + 1).end();
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
        busy = true;
        try {
            if (tasks > 1) {
                helpers.stream().limit(tasks - 1).forEach(helper -> helper.take(shared));
            }
            shared.share(0);
            shared.await(SPIN_NANOSECONDS);
        } finally {
            busy = false;
        }
    }

    /** Whether tasks are being done: within one this is so. */
    public boolean isBusy() {
        return busy;
    }

    /** Runs {@code work} once on each of the threads, and waits. Not to be called from within a task. */
    public void onEach(Runnable work) {
        AtomicInteger notBegun = new AtomicInteger(threads);
        forTasks(threads, (worker, task) -> {
            notBegun.decrementAndGet();
            while (notBegun.get() > 0) { // whoever waits here for the others takes no second task
                Thread.onSpinWait();
            }
            work.run();
        });
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

        /** Waits until its thread has ended. */
        void join() {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
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

    /** Tasks of one call, which the calling thread and helpers take one after the other, the last first. */
    private static final class SharedWork {
        private final Task work;
        private final Thread caller = Thread.currentThread();
        private final AtomicLong notTaken;
        private final AtomicLong notDone;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        /** Work whose caller is this thread. */
        SharedWork(long tasks, Task work) {
            this.work = work;
            this.notTaken = new AtomicLong(tasks);
            this.notDone = new AtomicLong(tasks);
        }

        /** Does tasks until none is left, or one threw. */
        void share(int worker) {
            for (long task = notTaken.decrementAndGet(); task >= 0; task = notTaken.decrementAndGet()) {
                try {
                    work.run(worker, task);
                } catch (RuntimeException | Error e) {
                    fail(e);
                } finally {
                    done(1);
                }
            }
        }

        /** The first failure is told; tasks that nobody has taken are left out. */
        private void fail(Throwable e) {
            Throwable toTell =
                    Thread.currentThread() == caller ? e : new IllegalStateException("a worker failed: " + e, e);
            failure.compareAndSet(null, toTell);
            long leftOut = notTaken.getAndSet(0);
            if (leftOut > 0) {
                done(leftOut);
            }
        }

        private void done(long tasks) {
            if (notDone.addAndGet(-tasks) == 0) {
                LockSupport.unpark(caller);
            }
        }

        /**
         * Waits until every task that was taken has ended, even if interrupted: what they write to may be freed afterwards.
         *
         * @param spinNanoseconds how long to look before going to sleep
         * @throws RuntimeException if a task threw, or this thread was interrupted
         */
        void await(long spinNanoseconds) {
            boolean interrupted = false;
            long start = System.nanoTime();
            while (notDone.get() > 0) {
                if (System.nanoTime() - start < spinNanoseconds) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
            if (interrupted || Thread.interrupted()) {
                failure.compareAndSet(null, new IllegalStateException("interrupted while waiting for a worker"));
                Thread.currentThread().interrupt();
            }
            Throwable e = failure.get();
            if (e instanceof Error error) {
                throw error;
            }
            if (e instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
