package dev.flopscope.benchmark;

import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;

/** A context that can be observed or not. It is switched by the thread that runs the pass, when no work is in parallel. */
final class Switch implements ExecutionContext {
    /** Whether products and what is between them are observed. */
    boolean on;

    private final ExecutionContext bare;
    private final ExecutionContext observed;

    Switch(ExecutionContext bare, ExecutionContext observed) {
        this.bare = bare;
        this.observed = observed;
    }

    private ExecutionContext now() {
        return on ? observed : bare;
    }

    @Override
    public Products products() {
        return new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                now().products().multiply(site, left, right, rightIs, result);
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                now().products().project(site, left, weight, result);
            }
        };
    }

    @Override
    public void operator(Operator operator, int layer, Runnable work) {
        now().operator(operator, layer, work);
    }

    @Override
    public void scope(Scope scope, int layer, Runnable work) {
        now().scope(scope, layer, work);
    }

    @Override
    public void parallel(int threads, Runnable work) {
        now().parallel(threads, work);
    }
}
