package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.flight.Flight;
import dev.flopscope.flight.MatrixProductEvent;
import dev.flopscope.tensor.Weight;
import org.jspecify.annotations.Nullable;
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
        @Nullable MatrixProductEvent event = begun();
        delegate.multiply(site, left, right, rightIs, result);
        end(event, site, left, result);
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        @Nullable MatrixProductEvent event = begun();
        delegate.project(site, left, weight, result);
        end(event, site, left, result);
    }

    /** An event that has begun; null while no recorder runs, since making the first event starts it. */
    private static @Nullable MatrixProductEvent begun() {
        if (!Flight.isStarted()) {
            return null;
        }
        MatrixProductEvent event = new MatrixProductEvent();
        event.begin();
        return event;
    }

    private static void end(@Nullable MatrixProductEvent event, MatmulSite site, INDArray left, INDArray result) {
        if (event != null) {
            event.multiplied(site, Operands.shape(left, result));
        }
    }

    @Override
    public void sideBySide(int threads, Runnable work) {
        delegate.sideBySide(threads, work);
    }
}
