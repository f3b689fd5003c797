package dev.flopscope.flight;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Part;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;
import jdk.jfr.FlightRecorder;

/** Makes an event of each step while a recording wants it, and passes everything on. */
final class FlightTimeline implements Timeline {
    private final Timeline delegate;

    FlightTimeline(Timeline delegate) {
        this.delegate = delegate;
        if (Flight.isStarted()) {
            // Registering takes milliseconds, which are no part of a pass.
            FlightRecorder.register(MatrixProductEvent.class);
            FlightRecorder.register(StepEvent.class);
        }
    }

    /** The event goes around what is timed, so that writing it is no part of the step. */
    @Override
    public void time(Step step, int layer, Runnable work) {
        if (!Flight.isStarted()) {
            delegate.time(step, layer, work);
            return;
        }
        StepEvent event = new StepEvent();
        event.begin();
        delegate.time(step, layer, work);
        event.end();
        if (event.shouldCommit()) {
            event.step = step.label();
            event.layer = layer;
            event.commit();
        }
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
        delegate.multiplied(site, shape, startNanoseconds, endNanoseconds);
    }

    @Override
    public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
        delegate.stepped(step, layer, startNanoseconds, endNanoseconds);
    }

    @Override
    public void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {
        delegate.enclosed(part, layer, startNanoseconds, endNanoseconds);
    }

    @Override
    public void sideBySide(int threads, long startNanoseconds) {
        delegate.sideBySide(threads, startNanoseconds);
    }

    @Override
    public void together(long endNanoseconds) {
        delegate.together(endNanoseconds);
    }

    @Override
    public void measuring() {
        delegate.measuring();
    }
}
