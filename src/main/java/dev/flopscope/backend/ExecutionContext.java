package dev.flopscope.backend;

import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;

/** What a pass runs in: where its products go, and who is told of what happens between them. */
public interface ExecutionContext {
    /** Where products go. */
    Products products();

    /** Does {@code work} and tells of it as an operator. May be called from several threads at once. */
    void operator(Operator operator, int layer, Runnable work);

    /** Does {@code work} and tells of it as a scope that holds what it tells. */
    void scope(Scope scope, int layer, Runnable work);

    /** Does {@code work}, in which {@code threads} threads tell of spans of their own; does not nest. */
    void parallel(int threads, Runnable work);

    /** A context that sends products to {@code products} and tells nobody of anything. */
    static ExecutionContext unobserved(Products products) {
        return new UnobservedContext(products);
    }
}
