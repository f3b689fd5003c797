package dev.flopscope.matmul;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flight.Flight;
import dev.flopscope.flight.MatrixProductEvent;
import dev.flopscope.tensor.Weight;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes an event of JDK Flight Recorder of each product, around counting and timing, so that writing it is part of neither.
 * A product that throws leaves no event. Needs a Java runtime that has JDK Flight Recorder.
 */
public final class FlightMatmul implements Matmul {
    private final Matmul delegate;

    /** Makes events of the products of {@code delegate}. */
    public FlightMatmul(Matmul delegate) {
        this.delegate = delegate;
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        if (!Flight.isStarted()) {
            delegate.multiply(site, left, right, rightIs, result);
            return;
        }
        MatrixProductEvent event = new MatrixProductEvent();
        event.begin();
        delegate.multiply(site, left, right, rightIs, result);
        event.multiplied(site, new MatmulShape(result.size(0), left.size(1), result.size(1)));
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        if (!Flight.isStarted()) {
            delegate.project(site, left, weight, result);
            return;
        }
        MatrixProductEvent event = new MatrixProductEvent();
        event.begin();
        delegate.project(site, left, weight, result);
        event.multiplied(site, new MatmulShape(result.size(0), left.size(1), result.size(1)));
    }

    @Override
    public void sideBySide(int threads, Runnable work) {
        delegate.sideBySide(threads, work);
    }
}
