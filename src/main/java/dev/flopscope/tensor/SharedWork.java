package dev.flopscope.tensor;

import dev.flopscope.tensor.Workers.Task;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Tasks of one call, which the calling thread and helpers take one after the other, the last first. */
final class SharedWork {
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
        Throwable toTell = Thread.currentThread() == caller ? e : new IllegalStateException("a worker failed: " + e, e);
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
