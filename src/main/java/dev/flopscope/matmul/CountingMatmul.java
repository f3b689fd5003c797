package dev.flopscope.matmul;

import dev.flopscope.count.MatmulListener;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.tensor.Weight;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The counting interceptor: lets a product happen, then tells a listener the extents it read from the operands.
 *
 * <p>It never sees a config, so what it reports is what ran. A product that throws is not reported.
 */
public final class CountingMatmul implements Matmul {
    private final Matmul delegate;
    private final MatmulListener listener;

    /** Reports the products of {@code delegate} to {@code listener}. */
    public CountingMatmul(Matmul delegate, MatmulListener listener) {
        this.delegate = delegate;
        this.listener = listener;
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        delegate.multiply(site, left, right, rightIs, result);
        report(site, left, result);
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        delegate.project(site, left, weight, result);
        report(site, left, result);
    }

    private void report(MatmulSite site, INDArray left, INDArray result) {
        listener.multiplied(site, Operands.shape(left, result));
    }

    @Override
    public void sideBySide(int threads, Runnable work) {
        delegate.sideBySide(threads, work);
    }
}
