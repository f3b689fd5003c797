package dev.flopscope.backend;

import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;

/** The context of a pass, but for where its products go. */
public record OtherProducts(ExecutionContext sound, Products products) implements ExecutionContext {
    @Override
    public void operator(Operator operator, int layer, Runnable work) {
        sound.operator(operator, layer, work);
    }

    @Override
    public void scope(Scope scope, int layer, Runnable work) {
        sound.scope(scope, layer, work);
    }

    @Override
    public void parallel(int threads, Runnable work) {
        sound.parallel(threads, work);
    }
}
