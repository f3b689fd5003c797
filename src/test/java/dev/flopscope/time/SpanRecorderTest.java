package dev.flopscope.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

class SpanRecorderTest {
    private static final MatmulSite GATE = new MatmulSite(MatmulKind.FFN_GATE, 3);
    private static final MatmulShape SHAPE = new MatmulShape(2, 3, 5);

    /** Told in the order of their ends, as a pass tells them. */
    @Test
    void spansComeBackInTheOrderTheyBeganTheOuterFirst() {
        SpanRecorder recorder = new SpanRecorder();
        recorder.operated(Operator.EMBEDDING, -1, 10, 12);
        recorder.operated(Operator.NORM, 3, 20, 25);
        recorder.multiplied(GATE, SHAPE, 1, 25, 40);
        recorder.enclosed(Scope.FEED_FORWARD, 3, 20, 41);
        recorder.enclosed(Scope.LAYER, 3, 20, 41);
        recorder.enclosed(Scope.HEAD, -1, 41, 41);
        recorder.enclosed(Scope.PASS, -1, 10, 41);

        Recording recording = recorder.recording();
        assertThat(told(recording))
                .containsExactly(
                        "pass -1 10-41",
                        "embedding -1 10-12",
                        "layer 3 20-41",
                        "feed-forward 3 20-41",
                        "norm 3 20-25",
                        "layers.3.ffn_gate 2×3×5 25-40",
                        "head -1 41-41");
        assertThat(recording.kept()).isEqualTo(3);
        assertThat(recording.leftOut()).isZero();
        assertThat(recording.lanes())
                .extracting(Recording.Lane::thread)
                .containsExactly(Thread.currentThread().getName());
    }

    /** More than one block of arrays, in several shapes. */
    @Test
    void manySpansKeepTheirOrderAndTheirShapes() {
        SpanRecorder recorder = new SpanRecorder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            MatmulShape shape = new MatmulShape(1 + i % 7, 2, 3);
            recorder.multiplied(GATE, shape, 1, 2L * i, 2L * i + 1);
            expected.add("layers.3.ffn_gate " + shape + " " + 2 * i + "-" + (2 * i + 1));
        }
        assertThat(told(recorder.recording())).isEqualTo(expected);
    }

    @Test
    void theFirstSpansAreKeptUpToTheBoundAndTheOthersCounted() {
        SpanRecorder recorder = new SpanRecorder(4_100);
        for (int i = 0; i < 5_000; i++) {
            recorder.operated(Operator.NORM, i, i, i + 1);
        }
        recorder.enclosed(Scope.PASS, -1, 0, 5_000);
        Recording recording = recorder.recording();
        assertThat(recording.kept()).isEqualTo(4_100);
        assertThat(recording.leftOut()).isEqualTo(900);
        assertThat(told(recording))
                .hasSize(4_101)
                .contains("norm 4099 4099-4100")
                .first()
                .isEqualTo("pass -1 0-5000");
    }

    /** The bound holds for all threads together: the second finds no room. */
    @Test
    void theBoundIsSharedByThreads() throws InterruptedException {
        SpanRecorder recorder = new SpanRecorder(10);
        recorder.operated(Operator.NORM, 0, 0, 1);
        inThread("other", () -> recorder.operated(Operator.GATE, 0, 0, 1));
        Recording recording = recorder.recording();
        assertThat(recording.kept()).isEqualTo(1);
        assertThat(recording.leftOut()).isEqualTo(1);
        assertThat(told(recording)).containsExactly("norm 0 0-1");
    }

    /** Warm-up comes before what is measured and may come again between two phases; it takes nothing of the budget. */
    @Test
    void whatIsToldWhileNothingIsMeasuredIsNotKept() {
        SpanRecorder recorder = new SpanRecorder(2);
        recorder.measuring(false);
        for (int i = 0; i < 5; i++) {
            recorder.operated(Operator.NORM, i, i, i + 1);
            recorder.multiplied(GATE, SHAPE, 1, i, i + 1);
        }
        recorder.enclosed(Scope.PASS, -1, 0, 5);
        assertThat(recorder.recording()).isEqualTo(new Recording(List.of(), 0, 0));

        recorder.measuring(true);
        recorder.operated(Operator.GATE, 1, 7, 8);
        recorder.measuring(false);
        recorder.operated(Operator.NORM, 1, 8, 9);
        recorder.measuring(true);
        recorder.operated(Operator.GATE, 2, 9, 10);

        assertThat(told(recorder.recording())).containsExactly("gate 1 7-8", "gate 2 9-10");
        assertThat(recorder.recording().leftOut()).isZero();
    }

    @Test
    void passesAreMeasuredUntilItIsSaidThatTheyAreNot() {
        SpanRecorder recorder = new SpanRecorder();
        recorder.enclosed(Scope.TOKEN, -1, 0, 5);
        assertThat(told(recorder.recording())).containsExactly("token -1 0-5");
    }

    @Test
    void everyThreadHasALaneOfItsOwn() throws InterruptedException {
        SpanRecorder recorder = new SpanRecorder();
        CyclicBarrier together = new CyclicBarrier(3);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            int layer = number;
            Thread thread = new Thread(
                    () -> {
                        await(together);
                        for (int i = 0; i < 5_000; i++) {
                            recorder.operated(Operator.SOFTMAX, layer, i, i + 1);
                        }
                    },
                    "worker-" + number);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Recording recording = recorder.recording();
        assertThat(recording.kept()).isEqualTo(15_000);
        assertThat(recording.lanes())
                .extracting(Recording.Lane::thread)
                .containsExactlyInAnyOrder("worker-0", "worker-1", "worker-2");
        for (Recording.Lane lane : recording.lanes()) {
            Told told = new Told();
            lane.replay(told);
            String layer = lane.thread().substring("worker-".length());
            assertThat(told.lines)
                    .hasSize(5_000)
                    .allMatch(line -> line.startsWith("softmax " + layer + " "))
                    .first()
                    .isEqualTo("softmax " + layer + " 0-1");
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void inThread(String name, Runnable work) throws InterruptedException {
        Thread thread = new Thread(work, name);
        thread.start();
        thread.join();
    }

    private static List<String> told(Recording recording) {
        Told told = new Told();
        recording.replay(told);
        return told.lines;
    }

    /** Writes down what it is told. */
    private static final class Told implements Timeline {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void multiplied(
                MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
            lines.add(site + " " + shape + " " + startNanoseconds + "-" + endNanoseconds);
        }

        @Override
        public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
            lines.add(operator.label() + " " + layer + " " + startNanoseconds + "-" + endNanoseconds);
        }

        @Override
        public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
            lines.add(scope.label() + " " + layer + " " + startNanoseconds + "-" + endNanoseconds);
        }
    }
}
