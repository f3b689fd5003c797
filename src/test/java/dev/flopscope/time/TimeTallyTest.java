package dev.flopscope.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimeTallyTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 0);
    private static final MatmulSite LATER_SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 1);
    private static final MatmulShape SHAPE = new MatmulShape(1, 2, 3);

    private final TimeTally tally = new TimeTally();

    @Test
    void spansAddUpByPlace() {
        tally.operated(Operator.NORM, 0, 100, 110);
        tally.multiplied(QUERIES, SHAPE, 1, 110, 150);
        tally.multiplied(QUERIES, SHAPE, 1, 150, 157);
        tally.multiplied(LATER_SCORES, SHAPE, 1, 160, 163);
        tally.operated(Operator.NORM, 1, 163, 164);
        tally.operated(Operator.NORM, MatmulSite.NO_LAYER, 164, 169);

        Times times = tally.take();

        assertThat(times.products()).isEqualTo(Map.of(QUERIES, 47L, LATER_SCORES, 3L));
        assertThat(times.operators())
                .isEqualTo(Map.of(
                        new OperatorSite(Operator.NORM, 0), 10L,
                        new OperatorSite(Operator.NORM, 1), 1L,
                        new OperatorSite(Operator.NORM, MatmulSite.NO_LAYER), 5L));
        assertThat(times.operators().lastKey()).isEqualTo(new OperatorSite(Operator.NORM, MatmulSite.NO_LAYER));
        assertThat(times.operator(Operator.NORM)).isEqualTo(16);
        assertThat(times.operator(Operator.SOFTMAX)).isZero();
        assertThat(times.products(MatmulKind.ATTN_SCORES)).isEqualTo(3);
        assertThat(times.product(SCORES)).isZero();
        assertThat(times.waiting()).isZero();
        // Of the 69 from 100 to 169, the 3 between 157 and 160 have no name.
        assertThat(times.explained()).isEqualTo(66);
    }

    /** Two threads for 100: one works all the time, the other ends after 60; of 200, 40 are waited. */
    @Test
    void ofParallelWorkEachSpanCountsForItsShareAndTheRestIsWaiting() {
        tally.parallel(2, 1000);
        tally.multiplied(SCORES, SHAPE, 1, 1000, 1070);
        tally.multiplied(SCORES, SHAPE, 1, 1000, 1050);
        tally.operated(Operator.SOFTMAX, 0, 1070, 1100);
        tally.operated(Operator.SOFTMAX, 0, 1050, 1060);
        tally.joined(1100);
        tally.multiplied(QUERIES, SHAPE, 1, 1100, 1110);

        Times times = tally.take();

        assertThat(times.product(SCORES)).isEqualTo(60);
        assertThat(times.operator(Operator.SOFTMAX)).isEqualTo(20);
        assertThat(times.waiting()).isEqualTo(20);
        assertThat(times.product(QUERIES)).isEqualTo(10);
        assertThat(times.explained()).isEqualTo(110);
    }

    /** Thirds of 10, 10 and 11 are 3 each; the lost nanosecond must not be lost to the sum. */
    @Test
    void roundingNeverBreaksTheSumOfAStretch() {
        tally.parallel(3, 0);
        tally.multiplied(SCORES, SHAPE, 1, 0, 10);
        tally.multiplied(SCORES, SHAPE, 1, 0, 10);
        tally.multiplied(LATER_SCORES, SHAPE, 1, 0, 11);
        tally.joined(11);

        Times times = tally.take();

        assertThat(times.product(SCORES)).isEqualTo(6);
        assertThat(times.product(LATER_SCORES)).isEqualTo(3);
        assertThat(times.waiting()).isEqualTo(2);
        assertThat(times.explained()).isEqualTo(11);
    }

    @Test
    void oneThreadAloneNeverWaits() {
        tally.parallel(1, 0);
        tally.multiplied(SCORES, SHAPE, 1, 0, 10);
        tally.joined(30);

        Times times = tally.take();

        assertThat(times.waiting()).isZero();
        assertThat(times.explained()).isEqualTo(10);
    }

    @Test
    void operatorsAddUpByLayerAndAreListedInTheOrderOfAPass() {
        tally.operated(Operator.RESIDUAL, 1, 0, 1);
        tally.operated(Operator.NORM, 1, 0, 10);
        tally.operated(Operator.NORM, 0, 0, 100);
        tally.operated(Operator.LAST_ROWS, MatmulSite.NO_LAYER, 0, 1000);
        tally.multiplied(QUERIES, SHAPE, 1, 0, 10_000);

        Times times = tally.take();

        assertThat(times.operatorsOf(1)).isEqualTo(11);
        assertThat(times.operatorsOf(MatmulSite.NO_LAYER)).isEqualTo(1000);
        assertThat(times.allOperators()).isEqualTo(1111);
        assertThat(times.allProducts()).isEqualTo(10_000);
        assertThat(times.operatorsUsed()).containsExactly(Operator.NORM, Operator.RESIDUAL, Operator.LAST_ROWS);
    }

    @Test
    void takingStartsOver() {
        tally.parallel(2, 0);
        tally.multiplied(SCORES, SHAPE, 1, 0, 10);
        tally.joined(10);
        tally.operated(Operator.GATE, 0, 0, 8);
        assertThat(tally.take().explained()).isEqualTo(18);

        assertThat(tally.take().explained()).isZero();
        tally.parallel(2, 50);
        tally.joined(57);
        assertThat(tally.take().waiting()).isEqualTo(7);
    }

    @Test
    void noSpanIsLostBetweenThreads() throws InterruptedException {
        int threads = 4;
        int spans = 20_000;
        List<Thread> workers = new ArrayList<>();
        tally.parallel(threads, 0);
        for (int worker = 0; worker < threads; worker++) {
            Thread thread = new Thread(() -> {
                for (int span = 0; span < spans; span++) {
                    tally.multiplied(SCORES, SHAPE, 1, 0, threads);
                    tally.operated(Operator.SOFTMAX, span % 3, 0, 2L * threads);
                }
            });
            workers.add(thread);
            thread.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        tally.joined(4L * threads * spans);

        Times times = tally.take();

        assertThat(times.product(SCORES)).isEqualTo((long) threads * spans);
        assertThat(times.operator(Operator.SOFTMAX)).isEqualTo(2L * threads * spans);
        assertThat(times.waiting()).isEqualTo((long) threads * spans);
    }

    @Test
    void timesKeepACopy() {
        TreeMap<MatmulSite, Long> products = new TreeMap<>(Map.of(SCORES, 3L));
        Times times = new Times(products, new TreeMap<>(), 0);

        products.put(SCORES, 4L);

        assertThat(times.product(SCORES)).isEqualTo(3);
        assertThatThrownBy(() -> times.products().put(SCORES, 5L)).isInstanceOf(UnsupportedOperationException.class);
    }

    /** Every method: one that is not passed on would be missing in a trace, and nothing else would tell. */
    @Test
    void severalTimelinesAreToldEverything() {
        List<String> told = new ArrayList<>();
        Timeline teller = new Timeline() {
            @Override
            public void multiplied(MatmulSite site, MatmulShape shape, long batch, long start, long end) {
                told.add("multiplied " + site + " " + shape + " " + start + " " + end);
            }

            @Override
            public void operated(Operator operator, int layer, long start, long end) {
                told.add("operated " + operator + " " + layer + " " + start + " " + end);
            }

            @Override
            public void parallel(int threads, long start) {
                told.add("parallel " + threads + " " + start);
            }

            @Override
            public void joined(long end) {
                told.add("joined " + end);
            }

            @Override
            public void enclosed(Scope scope, int layer, long start, long end) {
                told.add("enclosed " + scope + " " + layer + " " + start + " " + end);
            }

            @Override
            public void measuring(boolean measured) {
                told.add("measuring " + measured);
            }
        };
        tellEverything(teller);
        List<String> once = List.copyOf(told);
        told.clear();

        tellEverything(Timeline.all(List.of(teller, teller)));

        assertThat(once).hasSize(6).doesNotHaveDuplicates();
        assertThat(told)
                .isEqualTo(once.stream().flatMap(line -> Stream.of(line, line)).toList());
        assertThat(Timeline.all(List.of(teller))).isSameAs(teller);
        tellEverything(Timeline.none());
    }

    private static void tellEverything(Timeline timeline) {
        timeline.measuring(true);
        timeline.parallel(2, 1);
        timeline.multiplied(SCORES, SHAPE, 1, 2, 3);
        timeline.operated(Operator.SOFTMAX, 4, 5, 6);
        timeline.joined(7);
        timeline.enclosed(Scope.LAYER, 8, 9, 10);
    }

    @Test
    void severalTimelinesAreToldTheSame() {
        TimeTally other = new TimeTally();
        Timeline both = Timeline.all(List.of(tally, other));

        both.parallel(2, 0);
        both.multiplied(SCORES, SHAPE, 1, 0, 6);
        both.operated(Operator.SOFTMAX, 0, 6, 10);
        both.joined(10);

        assertThat(tally.take())
                .isEqualTo(other.take())
                .isEqualTo(new Times(
                        new TreeMap<>(Map.of(SCORES, 3L)),
                        new TreeMap<>(Map.of(new OperatorSite(Operator.SOFTMAX, 0), 2L)),
                        5));
    }
}
