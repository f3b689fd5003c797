package dev.flopscope.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeTallyTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 0);
    private static final MatmulSite LATER_SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 1);
    private static final MatmulShape SHAPE = new MatmulShape(1, 2, 3);

    private final TimeTally tally = new TimeTally();

    @Test
    void spansAddUpByPlace() {
        tally.stepped(Step.NORM, 0, 100, 110);
        tally.multiplied(QUERIES, SHAPE, 110, 150);
        tally.multiplied(QUERIES, SHAPE, 150, 157);
        tally.multiplied(LATER_SCORES, SHAPE, 160, 163);
        tally.stepped(Step.NORM, 1, 163, 164);
        tally.stepped(Step.NORM, MatmulSite.NO_LAYER, 164, 169);

        Times times = tally.take();

        assertThat(times.products()).isEqualTo(Map.of(QUERIES, 47L, LATER_SCORES, 3L));
        assertThat(times.steps())
                .isEqualTo(Map.of(
                        new StepSite(Step.NORM, 0), 10L,
                        new StepSite(Step.NORM, 1), 1L,
                        new StepSite(Step.NORM, MatmulSite.NO_LAYER), 5L));
        assertThat(times.steps().lastKey()).isEqualTo(new StepSite(Step.NORM, MatmulSite.NO_LAYER));
        assertThat(times.step(Step.NORM)).isEqualTo(16);
        assertThat(times.step(Step.SOFTMAX)).isZero();
        assertThat(times.products(MatmulKind.ATTN_SCORES)).isEqualTo(3);
        assertThat(times.product(SCORES)).isZero();
        assertThat(times.waiting()).isZero();
        // Of the 69 from 100 to 169, the 3 between 157 and 160 have no name.
        assertThat(times.explained()).isEqualTo(66);
    }

    /** Two threads for 100: one works all the time, the other ends after 60; of 200, 40 are waited. */
    @Test
    void ofWorkSideBySideEachSpanCountsForItsShareAndTheRestIsWaiting() {
        tally.sideBySide(2, 1000);
        tally.multiplied(SCORES, SHAPE, 1000, 1070);
        tally.multiplied(SCORES, SHAPE, 1000, 1050);
        tally.stepped(Step.SOFTMAX, 0, 1070, 1100);
        tally.stepped(Step.SOFTMAX, 0, 1050, 1060);
        tally.together(1100);
        tally.multiplied(QUERIES, SHAPE, 1100, 1110);

        Times times = tally.take();

        assertThat(times.product(SCORES)).isEqualTo(60);
        assertThat(times.step(Step.SOFTMAX)).isEqualTo(20);
        assertThat(times.waiting()).isEqualTo(20);
        assertThat(times.product(QUERIES)).isEqualTo(10);
        assertThat(times.explained()).isEqualTo(110);
    }

    /** Thirds of 10, 10 and 11 are 3 each; the lost nanosecond must not be lost to the sum. */
    @Test
    void roundingNeverBreaksTheSumOfAStretch() {
        tally.sideBySide(3, 0);
        tally.multiplied(SCORES, SHAPE, 0, 10);
        tally.multiplied(SCORES, SHAPE, 0, 10);
        tally.multiplied(LATER_SCORES, SHAPE, 0, 11);
        tally.together(11);

        Times times = tally.take();

        assertThat(times.product(SCORES)).isEqualTo(6);
        assertThat(times.product(LATER_SCORES)).isEqualTo(3);
        assertThat(times.waiting()).isEqualTo(2);
        assertThat(times.explained()).isEqualTo(11);
    }

    @Test
    void oneThreadAloneNeverWaits() {
        tally.sideBySide(1, 0);
        tally.multiplied(SCORES, SHAPE, 0, 10);
        tally.together(30);

        Times times = tally.take();

        assertThat(times.waiting()).isZero();
        assertThat(times.explained()).isEqualTo(10);
    }

    @Test
    void takingStartsOver() {
        tally.sideBySide(2, 0);
        tally.multiplied(SCORES, SHAPE, 0, 10);
        tally.together(10);
        tally.stepped(Step.GATE, 0, 0, 8);
        assertThat(tally.take().explained()).isEqualTo(18);

        assertThat(tally.take().explained()).isZero();
        tally.sideBySide(2, 50);
        tally.together(57);
        assertThat(tally.take().waiting()).isEqualTo(7);
    }

    @Test
    void noSpanIsLostBetweenThreads() throws InterruptedException {
        int threads = 4;
        int spans = 20_000;
        List<Thread> workers = new ArrayList<>();
        tally.sideBySide(threads, 0);
        for (int worker = 0; worker < threads; worker++) {
            Thread thread = new Thread(() -> {
                for (int span = 0; span < spans; span++) {
                    tally.multiplied(SCORES, SHAPE, 0, threads);
                    tally.stepped(Step.SOFTMAX, span % 3, 0, 2L * threads);
                }
            });
            workers.add(thread);
            thread.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        tally.together(4L * threads * spans);

        Times times = tally.take();

        assertThat(times.product(SCORES)).isEqualTo((long) threads * spans);
        assertThat(times.step(Step.SOFTMAX)).isEqualTo(2L * threads * spans);
        assertThat(times.waiting()).isEqualTo((long) threads * spans);
    }

    @Test
    void severalTimelinesAreToldTheSame() {
        TimeTally other = new TimeTally();
        Timeline both = Timeline.all(List.of(tally, other));

        both.sideBySide(2, 0);
        both.multiplied(SCORES, SHAPE, 0, 6);
        both.stepped(Step.SOFTMAX, 0, 6, 10);
        both.together(10);

        assertThat(tally.take())
                .isEqualTo(other.take())
                .isEqualTo(new Times(
                        new java.util.TreeMap<>(Map.of(SCORES, 3L)),
                        new java.util.TreeMap<>(Map.of(new StepSite(Step.SOFTMAX, 0), 2L)),
                        5));
    }
}
