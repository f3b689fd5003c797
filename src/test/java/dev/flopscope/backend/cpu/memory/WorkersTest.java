package dev.flopscope.backend.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void everyRowIsDoneExactlyOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int rows = 0; rows <= 150; rows++) {
                AtomicIntegerArray done = new AtomicIntegerArray(rows);
                workers.forRows(rows, (from, to) -> {
                    for (long row = from; row < to; row++) {
                        done.incrementAndGet((int) row);
                    }
                });
                for (int row = 0; row < rows; row++) {
                    assertThat(done.get(row)).as("row %d of %d", row, rows).isEqualTo(1);
                }
            }
        }
    }

    /** Each of three rows waits until all three have begun, so it ends only if three threads take part. */
    @Test
    void asManyThreadsAsAskedForTakePart() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch allBegan = new CountDownLatch(3);
        try (Workers workers = new Workers(3)) {
            workers.forRows(3, (from, to) -> {
                threads.add(Thread.currentThread());
                allBegan.countDown();
                await(allBegan);
            });
        }
        assertThat(threads).hasSize(3).contains(Thread.currentThread());
    }

    @Test
    void aWorkersFailureReachesTheCallerWithItsCause() {
        Thread caller = Thread.currentThread();
        CountDownLatch bothBegan = new CountDownLatch(2);
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forRows(2, (from, to) -> {
                        bothBegan.countDown();
                        await(bothBegan);
                        if (Thread.currentThread() != caller) {
                            throw new ArithmeticException("planted");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("planted")
                    .hasCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void theCallersOwnFailureWaitsForTheOthers() {
        Thread caller = Thread.currentThread();
        CountDownLatch bothBegan = new CountDownLatch(2);
        AtomicBoolean otherEnded = new AtomicBoolean();
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forRows(2, (from, to) -> {
                        bothBegan.countDown();
                        await(bothBegan);
                        if (Thread.currentThread() == caller) {
                            throw new ArithmeticException("planted");
                        }
                        spin();
                        otherEnded.set(true);
                    }))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("planted");
            assertThat(otherEnded).isTrue();
        }
    }

    /** What the workers write to is freed once the caller gives up, so an interrupt must not make it leave early. */
    @Test
    void anInterruptedCallerStillWaitsForTheOthers() {
        Thread caller = Thread.currentThread();
        CountDownLatch allBegan = new CountDownLatch(4);
        AtomicInteger othersEnded = new AtomicInteger();
        try (Workers workers = new Workers(4)) {
            assertThatThrownBy(() -> workers.forRows(4, (from, to) -> {
                        allBegan.countDown();
                        await(allBegan);
                        if (Thread.currentThread() == caller) {
                            caller.interrupt();
                        } else {
                            spin();
                            othersEnded.incrementAndGet();
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(othersEnded).hasValue(3);
        }
    }

    @Test
    void workersCanBeUsedAgainAfterAFailure() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forRows(9, (from, to) -> {
                        throw new ArithmeticException("planted");
                    }))
                    .isInstanceOf(RuntimeException.class);
            AtomicInteger rows = new AtomicInteger();
            workers.forRows(9, (from, to) -> rows.addAndGet((int) (to - from)));
            assertThat(rows).hasValue(9);
        }
    }

    /** Pieces of work so short that one begins while a helper still looks at the one before, or has just gone to sleep. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyTaskOfManyShortPiecesIsDoneOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int piece = 0; piece < 20_000; piece++) {
                int tasks = piece % 7;
                AtomicIntegerArray done = new AtomicIntegerArray(7);
                workers.forTasks(tasks, (worker, task) -> done.incrementAndGet((int) task));
                for (int task = 0; task < 7; task++) {
                    assertThat(done.get(task)).isEqualTo(task < tasks ? 1 : 0);
                }
                if (piece % 1_000 == 0) {
                    spin();
                }
            }
        }
    }

    @Test
    void noTwoTasksRunAtOnceUnderTheSameNumber() {
        try (Workers workers = new Workers(3)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(3);
            workers.forTasks(5_000, (worker, task) -> {
                assertThat(busy.incrementAndGet(worker)).isEqualTo(1);
                busy.decrementAndGet(worker);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void eachThreadDoesItsShareOnceAndItsFailureIsTold(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int time = 0; time < 100; time++) {
                Set<Thread> all = ConcurrentHashMap.newKeySet();
                workers.onEach(() -> assertThat(all.add(Thread.currentThread())).isTrue());
                assertThat(all).hasSize(threads).contains(Thread.currentThread());
            }
            assertThatThrownBy(() -> workers.onEach(() -> {
                        throw new ArithmeticException("planted");
                    }))
                    .hasMessageContaining("planted");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Some work, long enough that a caller that does not wait is seen to have gone. */
    private static void spin() {
        double sum = 0;
        for (int i = 1; i < 5_000_000; i++) {
            sum += 1.0 / i;
        }
        assertThat(sum).isGreaterThan(1);
    }
}
