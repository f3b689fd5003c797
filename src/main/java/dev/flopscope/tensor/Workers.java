package dev.flopscope.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A fixed number of threads that share rows; the calling thread is one of them.
 *
 * <p>Which thread does which row never shows in a result: rows are independent, or seeded one by one.
 */
public final class Workers implements AutoCloseable {
    /** Enough that threads end together, few enough that buffers made for a chunk do not matter. */
    private static final int CHUNKS_PER_THREAD = 8;

    private final int threads;
    private final ExecutorService helpers;

    Workers(int threads) {
        this.threads = threads;
        this.helpers = Executors.newFixedThreadPool(Math.max(1, threads - 1), task -> {
            Thread thread = new Thread(task, "flopscope-worker");
            thread.setDaemon(true);
            return thread;
        });
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
     * differ in cost, as tiles under a causal mask do, the cheap ones then even out who ends when.
     *
     * @throws RuntimeException if {@code work} threw, after every thread has stopped
     */
    public void forTasks(long tasks, Task work) {
        AtomicLong left = new AtomicLong(tasks);
        AtomicInteger workers = new AtomicInteger();
        Runnable share = () -> {
            int worker = workers.getAndIncrement();
            for (long task = left.decrementAndGet(); task >= 0; task = left.decrementAndGet()) {
                work.run(worker, task);
            }
        };
        List<Future<?>> helping = new ArrayList<>(threads - 1);
        for (long helper = 1; helper < Math.min(threads, tasks); helper++) {
            helping.add(helpers.submit(share));
        }
        try {
            share.run();
        } finally {
            awaitAll(helping);
        }
    }

    /**
     * Waits for all of them, even if interrupted: what they write to may be freed as soon as this returns.
     */
    private static void awaitAll(List<Future<?>> shares) {
        RuntimeException failure = null;
        boolean interrupted = false;
        for (Future<?> share : shares) {
            boolean ended = false;
            while (!ended) {
                try {
                    share.get();
                    ended = true;
                } catch (ExecutionException e) {
                    failure = new IllegalStateException("a worker failed: " + e.getCause(), e.getCause());
                    ended = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                    failure = new IllegalStateException("interrupted while waiting for a worker", e);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
