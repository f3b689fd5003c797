package dev.flopscope.benchmark;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.Weight;
import dev.flopscope.time.Part;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Interceptors that can be on and off. Switched by the thread that runs the pass, when no work is side by side. */
final class Switch {
    /** Whether products and what is between them are intercepted. */
    boolean on;

    private final Matmul bare;
    private final Matmul intercepted;
    private final Timeline told;

    Switch(Matmul bare, Matmul intercepted, Timeline told) {
        this.bare = bare;
        this.intercepted = intercepted;
        this.told = told;
    }

    Matmul matmul() {
        return new Matmul() {
            @Override
            public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
                now().multiply(site, left, right, rightIs, result);
            }

            @Override
            public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
                now().project(site, left, weight, result);
            }

            @Override
            public void sideBySide(int threads, Runnable work) {
                now().sideBySide(threads, work);
            }

            private Matmul now() {
                return on ? intercepted : bare;
            }
        };
    }

    /** Products are told by the interceptor of products. */
    Timeline timeline() {
        return new Timeline() {
            @Override
            public void multiplied(MatmulSite site, MatmulShape shape, long start, long end) {
                now().multiplied(site, shape, start, end);
            }

            @Override
            public void stepped(Step step, int layer, long start, long end) {
                now().stepped(step, layer, start, end);
            }

            @Override
            public void enclosed(Part part, int layer, long start, long end) {
                now().enclosed(part, layer, start, end);
            }

            private Timeline now() {
                return on ? told : Timeline.none();
            }
        };
    }
}
