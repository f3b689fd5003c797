package dev.flopscope.backend;

import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;

/** Does work and tells nobody. */
record UnobservedContext(Products products) implements ExecutionContext {
    @Override
    public void operator(Operator operator, int layer, Runnable work) {
        work.run();
    }

    @Override
    public void scope(Scope scope, int layer, Runnable work) {
        work.run();
    }

    @Override
    public void parallel(int threads, Runnable work) {
        work.run();
    }
}
