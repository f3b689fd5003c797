package dev.flopscope.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TimingMatmulTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);

    private final INDArray left = Nd4j.ones(4, 3);
    private final INDArray right = Nd4j.ones(5, 3);
    private final INDArray result = Nd4j.ones(4, 5);
    private final Told told = new Told();

    @Test
    void aProductIsToldWithItsShapeAndTheTimeItTook() {
        List<Long> clock = new ArrayList<>();
        TimingMatmul matmul = new TimingMatmul(
                (site, a, b, rightIs, c) -> {
                    clock.add(System.nanoTime());
                    waitForTheClock();
                    clock.add(System.nanoTime());
                },
                told);

        matmul.multiply(QUERIES, left, right, Right.TRANSPOSED, result);

        assertThat(told.events).containsExactly("layers.0.q_proj 4×3×5");
        assertThat(told.start).isLessThanOrEqualTo(clock.get(0));
        assertThat(told.end).isGreaterThanOrEqualTo(clock.get(1));
    }

    @Test
    void aProductThatThrowsIsNotTold() {
        TimingMatmul matmul = new TimingMatmul(
                (site, a, b, rightIs, c) -> {
                    throw new ArithmeticException("planted");
                },
                told);

        assertThatThrownBy(() -> matmul.multiply(QUERIES, left, right, Right.TRANSPOSED, result))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("planted");
        assertThat(told.events).isEmpty();
    }

    @Test
    void workSideBySideIsToldFromItsBeginToItsEndEvenIfItThrows() {
        TimingMatmul matmul = new TimingMatmul((site, a, b, rightIs, c) -> {}, told);

        matmul.sideBySide(3, () -> matmul.multiply(QUERIES, left, right, Right.TRANSPOSED, result));
        assertThatThrownBy(() -> matmul.sideBySide(2, () -> {
                    throw new ArithmeticException("planted");
                }))
                .hasMessage("planted");

        assertThat(told.events)
                .containsExactly("3 threads", "layers.0.q_proj 4×3×5", "together", "2 threads", "together");
    }

    private static void waitForTheClock() {
        long start = System.nanoTime();
        while (System.nanoTime() == start) {
            Thread.onSpinWait();
        }
    }

    /** Writes down what it is told. */
    private static final class Told implements Timeline {
        private final List<String> events = new ArrayList<>();
        private long start;
        private long end;

        @Override
        public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
            events.add(site + " " + shape);
            start = startNanoseconds;
            end = endNanoseconds;
        }

        @Override
        public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
            events.add(step + " " + layer);
        }

        @Override
        public void sideBySide(int threads, long startNanoseconds) {
            events.add(threads + " threads");
        }

        @Override
        public void together(long endNanoseconds) {
            events.add("together");
        }
    }
}
