package dev.flopscope.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul.Right;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TimingMatmulTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite KEYS = new MatmulSite(MatmulKind.K_PROJ, 0);

    private final INDArray square = Nd4j.ones(4, 4);

    @Test
    void timeAddsUpAtTheSiteOfTheProductAlone() {
        TimingMatmul matmul = new TimingMatmul(TimingMatmulTest::waitForTheClock);

        matmul.multiply(QUERIES, square, square, Right.AS_IS, square);
        long once = matmul.nanoseconds(QUERIES);
        matmul.multiply(QUERIES, square, square, Right.AS_IS, square);

        assertThat(once).isPositive();
        assertThat(matmul.nanoseconds(QUERIES)).isGreaterThan(once);
        assertThat(matmul.nanoseconds(KEYS)).isZero();
    }

    @Test
    void aProductThatThrowsAddsNothing() {
        AtomicBoolean fails = new AtomicBoolean(true);
        TimingMatmul matmul = new TimingMatmul((site, left, right, rightIs, result) -> {
            waitForTheClock(site, left, right, rightIs, result);
            if (fails.get()) {
                throw new ArithmeticException("planted");
            }
        });

        assertThatThrownBy(() -> matmul.multiply(QUERIES, square, square, Right.AS_IS, square))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("planted");
        assertThat(matmul.nanoseconds(QUERIES)).isZero();

        fails.set(false);
        matmul.multiply(QUERIES, square, square, Right.AS_IS, square);
        assertThat(matmul.nanoseconds(QUERIES)).isPositive();
    }

    /** A product that takes at least one tick of the clock. */
    private static void waitForTheClock(
            MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        long start = System.nanoTime();
        while (System.nanoTime() == start) {
            Thread.onSpinWait();
        }
    }
}
