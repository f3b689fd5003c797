package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.tensor.Weight;
import dev.flopscope.time.Timeline;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The timer beside the counter: tells a timeline when each product began and ended. A product that throws is not told.
 */
public final class TimingMatmul implements Matmul {
    private final Matmul delegate;
    private final Timeline timeline;

    /** Tells {@code timeline} of the products of {@code delegate}. */
    public TimingMatmul(Matmul delegate, Timeline timeline) {
        this.delegate = delegate;
        this.timeline = timeline;
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        long start = System.nanoTime();
        delegate.multiply(site, left, right, rightIs, result);
        tell(site, left, result, start);
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        long start = System.nanoTime();
        delegate.project(site, left, weight, result);
        tell(site, left, result, start);
    }

    private void tell(MatmulSite site, INDArray left, INDArray result, long start) {
        long end = System.nanoTime();
        timeline.multiplied(site, Operands.shape(left, result), start, end);
    }

    @Override
    public void sideBySide(int threads, Runnable work) {
        timeline.sideBySide(threads, System.nanoTime());
        try {
            delegate.sideBySide(threads, work);
        } finally {
            timeline.together(System.nanoTime());
        }
    }
}
